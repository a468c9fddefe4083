/** What a handler gets and gives: shapes of the route table, with who asks. */
import type { Result } from "@damso/core/result";
import type { Operation, RouteAnswer, RouteInput, ROUTES } from "@damso/protocol/http/routes";
import type { UserId } from "@damso/protocol/ids";
import type { Identity } from "../gateway/types.ts";

/** Who runs the server: by the token that it was started with, or as its first user. Rule A1. */
export type Admin = { by: "token" } | { by: "user"; user_id: UserId };

/** Undefined where the call needs no session. */
export type Caller<K extends Operation> = (typeof ROUTES)[K]["auth"] extends "required"
  ? Identity
  : (typeof ROUTES)[K]["auth"] extends "admin"
    ? Admin
    : undefined;

export type Call<K extends Operation> = RouteInput<K> & {
  caller: Caller<K>;
  request: Request;
  /** Where the request came from. */
  address: string;
  /** Aborts when the time for the answer is over. */
  signal: AbortSignal;
};

/** An answer or refusal, and `Set-Cookie` values that go with it. */
export type Answer<K extends Operation> = Result<RouteAnswer<K>> & { cookies?: readonly string[] };

export type Handler<K extends Operation> = (call: Call<K>) => Promise<Answer<K>>;
export type Handlers<Of extends Operation = Operation> = { [K in Of]: Handler<K> };
