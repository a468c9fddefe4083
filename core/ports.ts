/** Every port in one place: what an adapter may import from the core. */
export type * from "./ports/bus.ts";
export type * from "./ports/clock.ts";
export type * from "./ports/directory.ts";
export type * from "./ports/discovery.ts";
export type * from "./ports/push.ts";
export type * from "./ports/signal.ts";
export type * from "./ports/store.ts";
