/** One HTTP call, with what came back as it is. */
import { until } from "./until.ts";

export type Answer = { status: number; type: string; body: unknown };

export type Call = {
  token?: string;
  body?: unknown;
  signal?: AbortSignal;
};

/** Rejects only when no answer came. */
export async function call(
  origin: string,
  method: string,
  path: string,
  { token, body, signal }: Call = {},
): Promise<Answer> {
  const headers = new Headers();
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  const answer = await fetch(origin + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await answer.text();
  const type = answer.headers.get("content-type") ?? "";
  return { status: answer.status, type, body: parse(text) };
}

/** The body of an answer that must be one of success. */
export async function succeed<T>(
  origin: string,
  method: string,
  path: string,
  options: Call = {},
): Promise<T> {
  return bodyOf<T>(await call(origin, method, path, options), `${method} ${path}`);
}

/** For what may be asked twice, as with a `client_id`: a shard that moves to another node has no owner for a moment. */
export async function insist<T>(
  origin: string,
  method: string,
  path: string,
  options: Call,
): Promise<T> {
  return bodyOf<T>(await settled(origin, method, path, options), `${method} ${path}`);
}

/** The first answer that does not say to come again. */
export async function settled(
  origin: string,
  method: string,
  path: string,
  options: Call = {},
): Promise<Answer> {
  let answer: Answer | undefined;
  const isTold = async (): Promise<boolean> => {
    answer = await call(origin, method, path, options);
    return answer.status !== 503 && answer.status !== 429;
  };
  await until(isTold, `an answer other than 503 and 429 to ${method} ${path}`, 30_000);
  return answer as Answer;
}

function bodyOf<T>({ status, body }: Answer, what: string): T {
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body as T;
}

/** The error code of an answer, or undefined for a success. */
export function codeOf({ status, body }: Answer): string | undefined {
  if (status < 400) return undefined;
  return String((body as { code?: unknown } | undefined)?.code);
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
