/** One's own account: the profile, the settings, the password, and the end of it. */
import type { Me, PatchMe } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Picked } from "./api.ts";
import type { Context } from "./context.ts";
import { forgetFile } from "./files-text.ts";
import type { Report } from "./report.ts";

export type Settings = Me["settings"];
export type SettingsChange = NonNullable<PatchMe["settings"]>;

export type AccountModel = {
  /** Undefined until it is here. */
  me: ReadonlySignal<Me | undefined>;
  failed: ReadonlySignal<boolean>;
  /** A change is under way. */
  busy: ReadonlySignal<boolean>;
  load: () => Promise<void>;
  /** False when it was refused. */
  update: (patch: Omit<PatchMe, "settings">) => Promise<boolean>;
  /** Shown at once, and taken back when it was refused. */
  set: (change: SettingsChange) => Promise<boolean>;
  setPicture: (file: Picked) => Promise<boolean>;
  /** Deletes the account for ever. */
  end: (password: string) => Promise<boolean>;
};

export function createAccount({ client, api, people }: Context, report: Report): AccountModel {
  const me = signal<Me | undefined>(undefined);
  const failed = signal(false);
  const busy = signal(false);

  function show(next: Me): void {
    me.value = next;
    const { user_id, username, name, avatar, about } = next;
    people.learn([{ user_id, username, name, ...(avatar && { avatar }), ...(about && { about }) }]);
  }

  async function change(promise: Promise<Me>): Promise<boolean> {
    busy.value = true;
    const done = await report(promise.then(show));
    busy.value = false;
    return done;
  }

  /** The picture before is nobody's any more. */
  async function repaint(promise: Promise<Me>): Promise<boolean> {
    const earlier = me.peek()?.avatar;
    const done = await change(promise);
    if (done && earlier !== undefined && earlier !== "") forgetFile(api, earlier);
    return done;
  }

  async function load(): Promise<void> {
    failed.value = false;
    failed.value = !(await report(client.me.get().then(show)));
  }

  async function set(settings: SettingsChange): Promise<boolean> {
    const before = me.peek();
    if (before) me.value = { ...before, settings: merged(before.settings, settings) };
    const done = await report(client.me.update({ settings }).then(show));
    if (!done && before) me.value = before;
    return done;
  }

  return {
    me,
    failed,
    busy,
    load,
    update: (patch) =>
      "avatar" in patch ? repaint(client.me.update(patch)) : change(client.me.update(patch)),
    set,
    setPicture: (file) =>
      repaint(api.upload(file).then(({ id }) => client.me.update({ avatar: id }))),
    end: (password) => report(client.me.delete(password)),
  };
}

function merged(settings: Settings, change: SettingsChange): Settings {
  return { ...settings, ...change, push: { ...settings.push, ...change.push } };
}
