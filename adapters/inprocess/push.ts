/** A push sink that keeps what it is asked to send, newest last: for a server without push services, and for tests. */
import type { PushSink } from "@damso/core/ports/push";
import type { PushRequest } from "@damso/core/push/rules";

/** Requests kept; the oldest leave. */
const KEPT_MAX = 1000;

export type RecordingPush = PushSink & {
  /** What was asked for lately. */
  taken(): readonly PushRequest[];
};

export function createRecordingPush(): RecordingPush {
  const requests: PushRequest[] = [];
  return {
    async push(request) {
      requests.push(request);
      if (requests.length > KEPT_MAX) requests.shift();
      return undefined;
    },
    taken: () => requests,
  };
}
