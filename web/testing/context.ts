/** A context over a fake client: time stands still, and what is to run later runs when the test says so. */
import { signal } from "@preact/signals";
import type { Api } from "../model/api.ts";
import type { Context } from "../model/context.ts";
import type { Keep } from "../model/keep.ts";
import type { Words } from "../model/language.ts";
import { createSpeech } from "../model/language.ts";
import { createLive } from "../model/live.ts";
import { createPeople } from "../model/people.ts";
import { en } from "../model/strings/en.ts";
import { ko } from "../model/strings/ko.ts";
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

/** Both languages, at once. */
export const bothWords: Words = {
  known: { en, ko },
  load: async (language) => ({ en, ko })[language],
};

export type Scene = { fake: Fake; context: Context; keep: Keep; run: () => void };

/** English, with everybody's name already known. */
export function createScene(talks: Talk[], keep: Keep = memoryKeep()): Scene {
  const fake = createFake(talks);
  const { later, run } = createLater();
  const speech = createSpeech(["en-GB"], memoryKeep(), bothWords);
  const people = createPeople(fake, speech, memoryKeep(), "people");
  people.learn(profiles);
  const context: Context = {
    client: fake,
    connected: signal(true),
    api: fakeApi(fake),
    live: createLive(fake),
    people,
    speech,
    keep,
    now: signal(NOW),
    later,
  };
  return { fake, context, keep, run };
}

/** Answers nothing, notes what it was asked, and gives every upload an id of its own. */
function fakeApi(fake: Pick<Fake, "calls">): Api {
  let uploads = 0;
  return {
    ask: async (method, path, body) => {
      fake.calls.push([method, path, body]);
      return undefined as never;
    },
    upload: async (file, told) => {
      fake.calls.push(["upload", file.name]);
      told?.(1);
      uploads += 1;
      return { id: `m${uploads}`, content_type: file.type, bytes: file.bytes };
    },
    addressOf: (media_id) => `http://here/v1/media/${media_id}`,
    load: async (media_id) => `blob:${media_id}`,
    renew: async () => {},
    stop: () => {},
  };
}

/** Lets everything that has been promised happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
