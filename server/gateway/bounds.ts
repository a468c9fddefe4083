/** Every bound of the gateway and what happens at it. Rule I20: no queue without a bound and a named outcome. */
import { LIMITS } from "@damso/protocol/limits";

/** How often `tick` is to be called. */
export const TICK_MS = 250;
/** Above this many bytes waiting in a socket's send buffer it gets no more events: it is lagging. */
export const BUFFER_SOFT_BYTES: number = 256 * 1024;
/** Above this many, with replies piling up on a peer that does not read: close 4008. */
export const BUFFER_HARD_BYTES: number = 4 * 1024 * 1024;
/** A socket that lags this long is closed with 4008. */
export const LAGGING_MS_MAX = 60_000;
/** How long a closed socket may keep what its peer does not read; then it is cut off. */
export const CLOSING_MS = 5000;
/** Live events kept back until `welcome` is written; beyond either bound: dropped, and a `head` follows. */
export const HELD_EVENTS_MAX = 500;
export const HELD_UNITS_MAX: number = 256 * 1024;
/** Frames that a client sent behind its `hello`, before `welcome`; beyond either bound: `busy`. */
export const EARLY_FRAMES_MAX = 64;
export const EARLY_UNITS_MAX: number = 256 * 1024;
/** Requests of one socket that are not answered yet; beyond: `busy`. */
export const IN_FLIGHT_MAX = 256;
/** Pages of one socket that are read at the same time; beyond: they wait within `IN_FLIGHT_MAX`. */
export const PAGES_AT_ONCE = 4;
/** Channels that one socket opens at the same time, each a question to the homes of all members; beyond: they wait as well. */
export const OPENS_AT_ONCE = 4;
/** How long `hello` may take once it has arrived (token check and first page); beyond: close 1013. */
export const WELCOME_MS_MAX = 30_000;
/** No frame from the client for this long: close 4000. */
export const IDLE_MS_MAX: number = 2.5 * LIMITS.heartbeat_ms;
/** Frames that break the protocol in one window before the socket is closed with 4003. */
export const ERRORS_MAX = 50;
/** Frames refused with `rate_limited` in one window before the socket is closed with 4029. */
export const RATE_REFUSALS_MAX = 200;
/** Frames of any kind in one window before the same, while rate limits are on. */
export const FRAMES_MAX = 10_000;
export const WINDOW_MS = 10_000;
/** Channels that one socket has open; beyond: the one opened first is closed. */
export const OPEN_CHANNELS_MAX = 8;
/** A watched set that changes more often than this is applied at the next tick, the last one only. */
export const WATCH_INTERVAL_MS = 500;
/** And a set waits this long for each user in the one before it: every user of a set is asked for at his home. */
export const WATCH_USER_MS = 10;
/** A user nobody here looks at any more stays watched this long, for screens that come back at once. */
export const WATCH_LINGER_MS = 2000;
/** Channels that one user types in within the typing interval; in others he is not seen to. */
export const TYPING_CHANNELS_MAX = 8;
/** A ping that says nothing new travels to the home at most this often a socket. */
export const PING_INTERVAL_MS = 1000;
/** Acknowledged positions travel to the home at most this often a socket. */
export const ACK_INTERVAL_MS = 100;
/** Every attached user's home hears from this gateway this often. */
export const EXCHANGE_MS = 5000;
/** Every shard hears from this gateway this often, whoever lives there. */
export const ALIVE_MS = 30_000;
/** That its socket is open is noted of a session this often: often enough to tell which device is unused. */
export const USED_MS: number = 5 * 60_000;
/** A home that was last heard this long ago may have revoked sessions we do not know of: close 4000. */
export const SILENCE_MS_MAX = 60_000;
/** Long polls that wait at the same time, in all and of one user; beyond: `busy`. */
export const POLLS_MAX = 20_000;
export const POLLS_PER_USER_MAX = 60;
