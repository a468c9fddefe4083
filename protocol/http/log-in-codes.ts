/** Letting a new device in from one that is signed in, by a code that the new one shows. Rules X15, X16. */
import * as v from "valibot";
import type { ErrorCode } from "../codes.ts";
import { LIMITS } from "../limits.ts";
import { CountSchema, shortText } from "../schema/basics.ts";
import { GrantSchema } from "./accounts.ts";
import { NO_CONTENT, NOTHING, queryNumber } from "./route.ts";
import type { Route } from "./route.ts";

/** Random bytes in base64url: 16 of a code, 32 of a secret. What has another form is no code that ever was. */
const random = (letters: number): v.GenericSchema<string, string> => {
  const form = new RegExp(`^[A-Za-z0-9_-]{${letters}}$`);
  return v.pipe(
    v.string(),
    v.check<string, ErrorCode>((text) => form.test(text), "not_found"),
    v.metadata({ pattern: form.source }),
  );
};
const CodeSchema = random(22);
const SecretSchema = random(43);

const code = { code: CodeSchema };
/** Seconds until the code is over. */
const expires_in = CountSchema;

/** `approved` carries what a log-in gives. */
const WaitedSchema = v.variant("state", [
  v.object({ state: v.literal("waiting") }),
  v.object({ state: v.literal("refused") }),
  v.object({ state: v.literal("approved"), ...GrantSchema.entries }),
]);
export type Waited = v.InferOutput<typeof WaitedSchema>;

/** The device that waits, as whoever lets it in sees it: its own word for itself, and where it asks from. */
const AskingSchema = v.object({ device_name: v.string(), address: v.string(), expires_in });
export type Asking = v.InferOutput<typeof AskingSchema>;

/** What may open a session or let one in is in no path: addresses end up in logs. */
export const LOG_IN_CODE_ROUTES = {
  createLogInCode: {
    method: "POST",
    path: "/v1/login/codes",
    operation: "createLogInCode",
    summary: "A code for a new device to show, and the secret that it waits with",
    tag: "accounts",
    auth: "none",
    params: NOTHING,
    query: NOTHING,
    body: v.object({ device_name: v.exactOptional(shortText(64)) }),
    answer: {
      status: 201,
      schema: v.object({ ...code, secret: SecretSchema, expires_in }),
    },
    codes: ["invalid_text", "too_long"],
  },
  waitLogInCode: {
    method: "POST",
    path: "/v1/login/codes/wait",
    operation: "waitLogInCode",
    summary:
      "What became of my code; wait is in seconds, for an answer; approved opens the session",
    tag: "accounts",
    auth: "none",
    params: NOTHING,
    query: v.object({ wait: queryNumber(0, LIMITS.long_poll_ms_max / 1000) }),
    body: v.object({
      ...code,
      secret: SecretSchema,
      /** Tokens in cookies instead of the answer. */
      cookie: v.exactOptional(v.boolean()),
    }),
    answer: { status: 200, schema: WaitedSchema },
    codes: ["not_found", "forbidden"],
  },
  readLogInCode: {
    method: "POST",
    path: "/v1/login/codes/read",
    operation: "readLogInCode",
    summary: "Which device shows this code",
    tag: "accounts",
    auth: "required",
    params: NOTHING,
    query: NOTHING,
    body: v.object(code),
    answer: { status: 200, schema: AskingSchema },
    codes: ["not_found", "conflict"],
  },
  answerLogInCode: {
    method: "POST",
    path: "/v1/login/codes/answer",
    operation: "answerLogInCode",
    summary: "Let the device that shows this code into my account, or refuse it",
    tag: "accounts",
    auth: "required",
    params: NOTHING,
    query: NOTHING,
    body: v.object({ ...code, approve: v.boolean() }),
    answer: NO_CONTENT,
    codes: ["not_found", "conflict"],
  },
} as const satisfies Record<string, Route>;
