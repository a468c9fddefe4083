/** Where due notifications go. The senders for real push services fit behind it. */
import type { PushRequest } from "../push/rules.ts";
import type { Signal } from "./signal.ts";

export type PushSink = {
  /** Resolves when the request was taken over; the row is deleted only after that. */
  push(request: PushRequest, signal?: Signal): Promise<void>;
};
