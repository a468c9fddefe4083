/** Calls of the API from the worker: the browser's cookies say who asks, and are renewed when they ended. */

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** The answer, also when it is a refusal. Rejects where there is no network. */
export async function call(
  ask: Fetch,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  const init: RequestInit = {
    method,
    credentials: "same-origin",
    ...(body && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  };
  const answer = await ask(path, init);
  if (answer.status !== 401) return answer;
  const renewed = await ask("/v1/refresh", {
    method: "POST",
    credentials: "same-origin",
    body: "{}",
    headers: { "content-type": "application/json" },
  });
  return renewed.ok ? ask(path, init) : answer;
}
