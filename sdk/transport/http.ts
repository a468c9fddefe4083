/** HTTP calls with the session's token. Refusals are RFC 9457 problem documents with the protocol's codes (rule P18). */
import type { Problem } from "@damso/protocol";
import type { ErrorCode } from "@damso/protocol/codes";
import type { Environment, HttpRequest } from "../environment.ts";
import { DamsoError } from "../errors.ts";

const TIMEOUT_MS = 20_000;

export type Call = [method: HttpRequest["method"], path: string, body?: object | undefined];

/** Answers with the parsed body, undefined when there is none. Rejects with a `DamsoError`. */
export type Http = <T>(...call: Call) => Promise<T>;

/** One call without a retry. `token` goes into `Authorization`; cookie clients have none. */
export async function request<T>(
  environment: Pick<Environment, "fetch">,
  server: string,
  [method, path, body]: Call,
  token?: string,
): Promise<T> {
  const headers: Record<string, string> = {};
  if (token) headers["authorization"] = `Bearer ${token}`;
  const url = server.replace(/\/+$/, "") + path;
  const sent: HttpRequest = { method, url, headers, timeout_ms: TIMEOUT_MS };
  if (body) {
    headers["content-type"] = "application/json";
    sent.body = JSON.stringify(body);
  }
  const response = await environment.fetch(sent).catch((error: unknown) => {
    throw new DamsoError("disconnected", String(error));
  });
  if (response.status >= 200 && response.status < 300) return response.body as T;
  throw fromProblem(response.status, response.body as Partial<Problem> | null | undefined);
}

/** A proxy in between may answer without a problem document: then the status has to say it. */
function fromProblem(status: number, problem: Partial<Problem> | null | undefined): DamsoError {
  const code = problem?.code ?? BY_STATUS[status] ?? (status >= 500 ? "unavailable" : "invalid");
  return new DamsoError(code, problem?.detail, problem?.retry_after_ms);
}

const BY_STATUS: Partial<Record<number, ErrorCode>> = {
  401: "unauthenticated",
  404: "not_found",
  413: "too_large",
  429: "rate_limited",
};
