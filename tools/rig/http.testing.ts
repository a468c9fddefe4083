/** One HTTP call, with what came back as it is. */

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
  const { status, body } = await call(origin, method, path, options);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
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
