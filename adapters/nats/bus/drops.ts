/** What a bus did not bring to its end, by reason. */
export type Drops = {
  /** Requests that were refused before they left: too many, or too much on the way. */
  refused_requests: number;
  /** Answers to other nodes that could not be sent: who asked hears `unavailable`. */
  lost_answers: number;
  /** Items for gateways, and frames of topics, for which there was no room. */
  lost_items: number;
  lost_frames: number;
  /** What was larger than the server takes. */
  large: number;
  /** Messages from other nodes, or parts of them, that nobody here understands. */
  malformed: number;
};

export function noDrops(): Drops {
  return {
    refused_requests: 0,
    lost_answers: 0,
    lost_items: 0,
    lost_frames: 0,
    large: 0,
    malformed: 0,
  };
}
