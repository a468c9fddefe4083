/** Letting a new device into one's own account, by the code that it shows. Rule X15. */
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Context } from "./context.ts";
import { codeOf } from "./report.ts";

export type LetInState =
  | { name: "reading" }
  | { name: "asking"; device_name: string; address: string; busy: boolean }
  | { name: "approved"; device_name: string }
  | { name: "refused" }
  /** The code is over, or never was. */
  | { name: "over" }
  /** Somebody has answered already. */
  | { name: "used" }
  /** That cannot be known now. */
  | { name: "away" };

export type LetIn = {
  state: ReadonlySignal<LetInState>;
  read: () => Promise<void>;
  answer: (approve: boolean) => Promise<void>;
  /** After `away`: what was asked last, once more. */
  again: () => Promise<void>;
};

type Asking = { device_name: string; address: string };
type Asked = Extract<LetInState, { name: "asking" }>;

export function createLetIn({ api }: Pick<Context, "api">, code: string): LetIn {
  const state = signal<LetInState>({ name: "reading" });
  /** The answer that may not have arrived, to give it again. */
  let lost: (() => Promise<void>) | undefined;

  async function read(): Promise<void> {
    state.value = { name: "reading" };
    try {
      const { device_name, address } = await api.ask<Asking>("POST", pathOf("read"), { code });
      state.value = { name: "asking", device_name, address, busy: false };
    } catch (error) {
      state.value = toState(error);
    }
  }

  async function answer(approve: boolean): Promise<void> {
    const asking = state.peek();
    if (asking.name !== "asking" || asking.busy) return;
    await send(approve, asking);
  }

  async function send(approve: boolean, asking: Asked): Promise<void> {
    state.value = { ...asking, busy: true };
    try {
      await api.ask("POST", pathOf("answer"), { code, approve });
      lost = undefined;
      const { device_name } = asking;
      state.value = approve ? { name: "approved", device_name } : { name: "refused" };
    } catch (error) {
      // It may have counted: the same answer is taken again, any other is not.
      lost = () => send(approve, asking);
      state.value = toState(error);
    }
  }

  return { state, read, answer, again: () => (lost ?? read)() };
}

const pathOf = (name: "read" | "answer"): string => `/v1/login/codes/${name}`;

function toState(error: unknown): LetInState {
  const code = codeOf(error);
  if (code === "not_found") return { name: "over" };
  return code === "conflict" ? { name: "used" } : { name: "away" };
}

const ADDRESS = /^(https?:\/\/[^/?#\s]+)\/?\?device=?#([\w-]+)$/i;
const CODE = /^[\w-]{22}$/;

/** The code in what somebody pasted: its address, or itself. `elsewhere`: it is of another server. */
export function codeIn(text: string, server: string): { code: string } | "elsewhere" | "none" {
  const typed = text.trim();
  const [, origin, code = typed] = ADDRESS.exec(typed) ?? [];
  if (!CODE.test(code)) return "none";
  return origin === undefined || origin.toLowerCase() === server.toLowerCase()
    ? { code }
    : "elsewhere";
}
