import type { Offer } from "./catalog.ts";
import { kindOf, OFFERS } from "./catalog.ts";

/** One of each kind. */
const ALL: readonly Offer[] = ["nats", "cassandra", "postgres", "s3"];

export const USAGE: string = `npm run services -- start [${OFFERS.join("|")}|all …] [--detach]
npm run services -- stop
npm run test:cluster [-- part-of-a-path …]`;

export type ServiceCommand =
  | { name: "start" | "detach" | "detached"; offers: readonly Offer[] }
  | { name: "stop" }
  | { name: "test"; filters: readonly string[] }
  | { name: "mistake"; message: string };

/** Options by which `start` goes to the background, and by which the process there knows that it is it. */
const FLAGS: Record<string, "detach" | "detached"> = {
  "--detach": "detach",
  "--detached": "detached",
};

export function parse([name = "", ...words]: readonly string[]): ServiceCommand {
  const flags = words.filter((word) => word.startsWith("-"));
  const names = words.filter((word) => !word.startsWith("-"));
  const known = (flag: string): boolean => name === "start" && flag in FLAGS;
  const stranger = flags.find((flag) => !known(flag));
  if (stranger !== undefined) return mistake(`${stranger}: there is no such option`);
  if (name === "test") return { name, filters: names };
  if (name === "stop") return names.length === 0 ? { name } : mistake("stop stops all of them");
  if (name === "start") return parseStart(names, flags[0]);
  return mistake(`${name}: start or stop`);
}

function parseStart(names: readonly string[], flag: string | undefined): ServiceCommand {
  const stranger = names.find((word) => word !== "all" && !isOffer(word));
  if (stranger !== undefined) return mistake(`${stranger}: there is no such server`);
  const asked = names.length === 0 ? ALL : names.flatMap((word) => (isOffer(word) ? word : ALL));
  const offers = [...new Set(asked)];
  const kinds = offers.map(kindOf);
  const twice = kinds.find((kind, at) => kinds.indexOf(kind) !== at);
  if (twice !== undefined) return mistake(`${twice}: one node or three, not both`);
  return { name: (flag === undefined ? undefined : FLAGS[flag]) ?? "start", offers };
}

function isOffer(word: string): word is Offer {
  return (OFFERS as readonly string[]).includes(word);
}

function mistake(message: string): ServiceCommand {
  return { name: "mistake", message };
}
