/** The counters of one socket, over its whole life. */
export interface Counters {
  readonly user_id: string;
  readonly channel: string;
  /** Frames sent, of which the first was `hello`. */
  readonly frames: number;
  readonly acknowledged: number;
  readonly received: number;
}

/**
 * What is missing at rest: sends without an answer, and sockets that did not receive as many
 * messages as were acknowledged in their channel. Empty means that the figures count. Together with
 * the density of `pos`, which is checked as events come, equal counts mean the same messages.
 */
export function problemsOf(clients: readonly Counters[]): string[] {
  const problems: string[] = [];
  const acknowledged = new Map<string, number>();
  for (const one of clients) {
    const sum = acknowledged.get(one.channel) ?? 0;
    acknowledged.set(one.channel, sum + one.acknowledged);
  }
  const unanswered = sum(clients.map((one) => one.frames - 1 - one.acknowledged));
  if (unanswered !== 0) problems.push(`${unanswered} sends have no answer`);
  const expected = sum(clients.map((one) => acknowledged.get(one.channel)!));
  const received = sum(clients.map((one) => one.received));
  const short = clients.filter((one) => one.received !== acknowledged.get(one.channel)).length;
  if (short > 0)
    problems.push(`${received} of ${expected} deliveries came, ${short} sockets differ`);
  return problems;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
