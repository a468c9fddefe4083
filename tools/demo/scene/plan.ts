/** Who plays, and how much they say: decided before anything begins, by the number of people and the seed. */
import type { Random } from "../random.ts";

/** Positions in the list of people. */
export type Pair = readonly [first: number, second: number];

export type GroupPlan = {
  name: string;
  founder: number;
  /** Of the beginning, the founder among them. */
  members: readonly number[];
  /** Quiet accounts fill it up to the most that a group may have. */
  full: boolean;
  history: "from_join" | "all";
  joiner?: number;
  leaver?: number;
  /** Messages of each talker, in the first and in the second part. */
  words: readonly [number, number];
};

export type Plan = {
  names: readonly string[];
  /** Accounts that only read, by plain HTTP. */
  quiet: number;
  processes: number;
  pairs: readonly Pair[];
  groups: readonly GroupPlan[];
  /** Messages of each side of a direct chat, in the first and in the second part. */
  words: readonly [number, number];
  /** New messages that one device misses at the least. */
  missed: number;
};

/** What a few people do beside chatting. */
export const PARTS = {
  /** Has a tablet that is away for long. */
  traveller: 0,
  founder: 1,
  /** Logs out his own tablet from afar. */
  careful: 2,
  blocker: 3,
  blocked: 4,
  /** Writes in a tunnel. */
  commuter: 5,
} as const;

export const DEVICES = ["phone", "laptop", "tablet"] as const;

/** From so many people on there are several groups, one of them as large as a group can be. */
const MANY = 22;
const GROUP_MAX = 100;
const PEOPLE_A_PROCESS = 6;
const PROCESSES_MAX = 5;

const NAMES =
  "Minji Junho Sora Daniel Hyun Eunbi Taeyang Yuna Seojun Grace Haneul Jisoo Marcus Bora Dohyun Nari Oliver Chaewon Sungmin Amelia Gyuri Woojin Ines Kyung Leo Mirae Noah Pilar Rina Samuel".split(
    " ",
  );

export function planFor(people: number, random: Random): Plan {
  const many = people >= MANY;
  const names = Array.from({ length: people }, (_, i) => nameOf(i));
  return {
    names,
    quiet: many ? GROUP_MAX - people : 0,
    processes: Math.min(PROCESSES_MAX, Math.ceil(people / PEOPLE_A_PROCESS)),
    pairs: pairs(people, Math.max(4, Math.round((people * 12) / 30)), random),
    groups: many ? manyGroups(people) : [oneGroup(people)],
    words: many ? [6, 20] : [3, 6],
    missed: many ? 2000 : 100,
  };
}

function nameOf(i: number): string {
  const round = Math.floor(i / NAMES.length);
  return `${NAMES[i % NAMES.length]}${round > 0 ? ` ${round + 1}` : ""}`;
}

/** The pairs that have a part to play, then others by chance. */
function pairs(people: number, count: number, random: Random): Pair[] {
  const { traveller, founder, careful, blocker, blocked, commuter } = PARTS;
  const fixed: Pair[] = [
    [founder, traveller],
    [careful, traveller],
    [blocker, blocked],
    [commuter, founder],
  ];
  const all: Pair[] = [];
  for (let i = 0; i < people; i++) for (let j = i + 1; j < people; j++) all.push([i, j]);
  const isTaken = ([i, j]: Pair): boolean =>
    fixed.some(([a, b]) => (a === i && b === j) || (a === j && b === i));
  const others = random.shuffle(all.filter((pair) => !isTaken(pair)));
  return [...fixed, ...others.slice(0, count - fixed.length)];
}

const span = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

function manyGroups(people: number): GroupPlan[] {
  const { founder } = PARTS;
  return [
    {
      name: "Everyone 모두",
      founder,
      members: span(0, people - 1),
      full: true,
      history: "from_join",
      words: [Math.ceil(90 / people), Math.ceil(330 / people)],
    },
    {
      name: "Hiking 등산 ⛰️",
      founder,
      members: span(0, 11),
      full: false,
      history: "from_join",
      joiner: 12,
      leaver: 4,
      words: [5, 66],
    },
    {
      name: "Lunch 점심",
      founder: 13,
      members: [0, ...span(13, 19)],
      full: false,
      history: "all",
      joiner: 20,
      leaver: 19,
      words: [5, 98],
    },
  ];
}

function oneGroup(people: number): GroupPlan {
  return {
    name: "Lunch 점심",
    founder: PARTS.founder,
    members: span(0, people - 2),
    full: false,
    history: "from_join",
    joiner: people - 1,
    leaver: PARTS.blocked,
    words: [4, 16],
  };
}
