/** Letting a new device in by a code that it shows. Rules X15, X16. */
import { done } from "@damso/core/result";
import { mayAsk, tokensOf } from "./accounts.ts";
import type { Answer, Call, Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";

type Own = "createLogInCode" | "waitLogInCode" | "readLogInCode" | "answerLogInCode";

export function logInCodeHandlers(deps: ApiDeps): Handlers<Own> {
  const { codes } = deps.auth;
  return {
    createLogInCode: ({ body, address, signal }) =>
      codes.make(body.device_name ?? "", address, signal),
    waitLogInCode: (call) => wait(deps, call),
    readLogInCode: ({ body, signal }) => codes.read(body.code, signal),
    answerLogInCode: async ({ caller, body, signal }) => {
      const answered = await codes.answer(caller, body.code, body.approve, signal);
      return answered.ok ? done(undefined) : answered;
    },
  };
}

async function wait(
  deps: ApiDeps,
  { body, query, request, address, signal }: Call<"waitLogInCode">,
): Promise<Answer<"waitLogInCode">> {
  const { cookie, ...shown } = body;
  const allowed = mayAsk(deps, request, cookie);
  if (!allowed.ok) return allowed;
  // A device that hung up waits for nothing.
  const until = AbortSignal.any([request.signal, signal]);
  const waited = await deps.auth.codes.wait(shown, address, (query.wait ?? 0) * 1000, until);
  if (!waited.ok) return waited;
  if (waited.value.state !== "approved") return done({ state: waited.value.state });
  const { answer, ...cookies } = tokensOf(request, cookie, waited.value.grant);
  return { ...done({ state: "approved" as const, ...answer }), ...cookies };
}
