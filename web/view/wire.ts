/** Requests with files and their progress, which `fetch` cannot tell. */
import type { Picked, Request, Wire } from "../model/api.ts";

/** A file takes as long as it takes. */
const ANSWER_MS = 20_000;

export const browserWire: Pick<Wire, "request" | "objectUrl"> = {
  request,
  objectUrl: async (url, token) => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return URL.createObjectURL(await response.blob());
  },
};

function request({ method, url, token, body, told }: Request): ReturnType<Wire["request"]> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: unknown }>();
  const call = new XMLHttpRequest();
  call.open(method, url);
  call.responseType = "json";
  if (token !== undefined) call.setRequestHeader("authorization", `Bearer ${token}`);
  call.upload.onprogress = ({ loaded, total }) => told?.(total > 0 ? loaded / total : 0);
  call.onload = () => resolve({ status: call.status, body: call.response as unknown });
  call.onerror = call.ontimeout = () => reject(new Error("no answer"));
  if (body === undefined || "json" in body) call.timeout = ANSWER_MS;
  if (body === undefined) call.send();
  else if ("json" in body) {
    call.setRequestHeader("content-type", "application/json");
    call.send(body.json);
  } else {
    // Without a type the browser would name one of its own.
    call.setRequestHeader("content-type", body.file.type || "application/octet-stream");
    call.send(body.file.source as Blob);
  }
  return promise;
}

export function toPicked(file: File | Blob, name: string): Picked {
  return { name, type: file.type, bytes: file.size, source: file };
}
