/** A context over a fake client: time stands still, and what is to run later runs when the test says so. */
import { signal } from "@preact/signals";
import type { Context } from "../model/context.ts";
import type { Keep } from "../model/keep.ts";
import { createSpeech } from "../model/language.ts";
import { createLive } from "../model/live.ts";
import { createPeople } from "../model/people.ts";
import type { Fake } from "./fake-client.ts";
import { createFake } from "./fake-client.ts";
import type { Talk } from "./scene.ts";
import { NOW, people as profiles } from "./scene.ts";

export type Later = {
  later: Context["later"];
  /** Runs everything that is waiting, and what that in turn starts is left waiting. */
  run: () => void;
};

export function createLater(): Later {
  let waiting: (() => void)[] = [];
  return {
    later: (_ms, run) => {
      waiting.push(run);
      return () => {
        waiting = waiting.filter((each) => each !== run);
      };
    },
    run: () => {
      const due = waiting;
      waiting = [];
      for (const run of due) run();
    },
  };
}

export function memoryKeep(start: Record<string, string> = {}): Keep {
  const texts = new Map(Object.entries(start));
  return {
    get: (key) => texts.get(key),
    set: (key, text) => void texts.set(key, text),
    remove: (key) => void texts.delete(key),
  };
}

export type Scene = { fake: Fake; context: Context; keep: Keep; run: () => void };

/** English, with everybody's name already known. */
export function createScene(talks: Talk[], keep: Keep = memoryKeep()): Scene {
  const fake = createFake(talks);
  const { later, run } = createLater();
  const speech = createSpeech(["en-GB"], memoryKeep());
  const people = createPeople(fake, speech, memoryKeep(), "people");
  people.learn(profiles);
  const context: Context = {
    client: fake,
    live: createLive(fake),
    people,
    speech,
    keep,
    now: signal(NOW),
    later,
  };
  return { fake, context, keep, run };
}

/** Lets everything that has been promised happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
