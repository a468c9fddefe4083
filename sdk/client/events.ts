/** Telling the app: events one by one, topics once a microtask. */
import type { ClientEvents, Topic, Unsubscribe } from "../api.ts";

type EventName = keyof ClientEvents;
type AnyListener = (payload: never) => void;

export type Emit = <K extends EventName>(event: K, payload: ClientEvents[K]) => void;
export type Notify = (topic: Topic) => void;

export type Events = {
  emit: Emit;
  notify: Notify;
  on: <K extends EventName>(event: K, listener: (payload: ClientEvents[K]) => void) => Unsubscribe;
  subscribe: (listener: (topic: Topic) => void) => Unsubscribe;
};

/** A listener that throws must not leave half an event applied: its error goes to `report` instead. */
export function events(report: (error: unknown) => void = surface): Events {
  const listeners = new Map<EventName, Set<AnyListener>>();
  const subscribers = new Set<(topic: Topic) => void>();
  const changed = new Set<Topic>();

  const guard = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      report(error);
    }
  };
  const flush = async (): Promise<void> => {
    await Promise.resolve();
    const topics = [...changed];
    changed.clear();
    for (const topic of topics) for (const tell of subscribers) guard(() => tell(topic));
  };

  return {
    emit: (event, payload) => {
      for (const tell of listeners.get(event) ?? []) guard(() => tell(payload as never));
    },
    notify: (topic) => {
      if (changed.size === 0) void flush();
      changed.add(topic);
    },
    on: (event, listener) => {
      const group = listeners.get(event) ?? new Set<AnyListener>();
      listeners.set(event, group.add(listener));
      return () => void group.delete(listener);
    },
    subscribe: (listener) => {
      subscribers.add(listener);
      return () => void subscribers.delete(listener);
    },
  };
}

/** As an unhandled rejection, where the platform shows it like any other uncaught error. */
function surface(error: unknown): void {
  void Promise.reject(error);
}
