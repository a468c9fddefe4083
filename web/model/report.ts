/** What went wrong, told to the person in a sentence. */
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Strings } from "./strings/strings.ts";

const SHOWN_MS = 6000;

export type Report = {
  /** Waits for what was asked for and tells of a failure; false when it failed. */
  (promise: Promise<unknown>): Promise<boolean>;
  /** The same for something that throws at once. */
  now: (run: () => void) => boolean;
};

export type Reporting = { report: Report; notice: ReadonlySignal<string> };

export function createReporting({ speech, later }: Pick<Context, "speech" | "later">): Reporting {
  const notice = signal("");
  let cancel: (() => void) | undefined;

  function tell(error: unknown): void {
    notice.value = sentence(error, speech.strings.peek());
    cancel?.();
    cancel = later(SHOWN_MS, () => {
      notice.value = "";
    });
  }

  async function report(promise: Promise<unknown>): Promise<boolean> {
    try {
      await promise;
      return true;
    } catch (error) {
      tell(error);
      return false;
    }
  }

  function now(run: () => void): boolean {
    try {
      run();
      return true;
    } catch (error) {
      tell(error);
      return false;
    }
  }

  return { report: Object.assign(report, { now }), notice };
}

/** Tells of a refusal. Of a server that is away nothing is told: it is to be asked again. */
export async function attempt(
  report: Report,
  promise: Promise<unknown>,
): Promise<"taken" | "refused" | "away"> {
  let away = false;
  const answered = promise.catch((error: unknown) => {
    away = isAway(error);
    if (!away) throw error;
  });
  if (!(await report(answered))) return "refused";
  return away ? "away" : "taken";
}

/** The sentence for an error with a code of the protocol or the SDK. */
export function sentence(error: unknown, strings: Strings): string {
  return strings.errors[codeOf(error)] ?? strings.somethingWrong;
}

/** The server was not there: to be asked again when it is. */
const AWAY = new Set(["disconnected", "timeout", "unavailable", "busy", "stopped"]);

function isAway(error: unknown): boolean {
  return AWAY.has(codeOf(error));
}

/** The code of an error of the protocol or the SDK; "" for any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
