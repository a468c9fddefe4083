/** What the orchestrator asks of one generator process, as JSON on its standard input. */
export interface Plan {
  /** The server's origin, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly server_pid: number;
  readonly accounts: readonly Account[];
  readonly load: LoadPlan;
}

/** One user and one of its sessions. */
export interface Account {
  readonly user_id: string;
  readonly access_token: string;
}

/**
 * The phases.
 * - `closed`: every sender keeps `window` messages unanswered; accounts 2i and 2i + 1 are a pair.
 * - `open`: `per_second` messages in all, at fixed times, whatever the answers do.
 * - `group`: all accounts are online in `channel`; the first `senders` of them are closed loops.
 * - `single`: one message at a time in `channel`, the next when all members have the last.
 * - `idle`: every account opens a socket and nobody says anything.
 */
export type LoadPlan =
  | ({ readonly kind: "closed"; readonly window: number } & Times)
  | ({ readonly kind: "open"; readonly per_second: number } & Times)
  | ({
      readonly kind: "group";
      readonly channel: string;
      readonly senders: number;
      readonly window: number;
    } & Times)
  | ({ readonly kind: "single"; readonly channel: string } & Times)
  | { readonly kind: "idle"; readonly settle_seconds: number };

/** Load runs for `warmup_seconds` unmeasured and then for `seconds` measured. */
export interface Times {
  readonly warmup_seconds: number;
  readonly seconds: number;
}

/** Any load that sends messages. */
export type TrafficPlan = Exclude<LoadPlan, { kind: "idle" }>;

/** What a generator process prints: one line of JSON. Any problem makes its figures worthless. */
export type Outcome = TrafficOutcome | IdleOutcome | FailedOutcome;

export interface TrafficOutcome {
  readonly kind: "traffic";
  readonly figures: TrafficFigures;
  readonly problems: readonly string[];
}

export interface IdleOutcome {
  readonly kind: "idle";
  readonly figures: IdleFigures;
  readonly problems: readonly string[];
}

/** The generator itself did not get to its end. */
export interface FailedOutcome {
  readonly kind: "failed";
  readonly problems: readonly string[];
}

/** Counts and times of the measured seconds; times in microseconds unless named otherwise. */
export interface TrafficFigures {
  readonly seconds: number;
  /** Messages acknowledged, and `message` events that reached a socket. */
  readonly messages: number;
  readonly deliveries: number;
  readonly sent_p50: number;
  readonly sent_p99: number;
  /** From the send to its last delivery; only of `single`, else 0. */
  readonly fanout_p50: number;
  readonly fanout_p99: number;
  readonly server_cpu_seconds: number;
  readonly generator_cpu_seconds: number;
  /** What everything else on this machine worked meanwhile. */
  readonly other_cpu_seconds: number;
  readonly server_resident_bytes: number;
}

/** Memory for each of the idle sockets; the kernel's share counts one end of a connection. */
export interface IdleFigures {
  readonly sockets: number;
  readonly server_bytes_per_socket: number;
  readonly kernel_bytes_per_socket: number;
}
