/** What a node does at the moment: rates with their last two minutes, and what it holds. */
import type { Load } from "@damso/protocol/http/admin";
import type { VNode } from "preact";
import { useFormats, useWords } from "./context.ts";
import type { Rates } from "./rates.ts";
import { lineOf, ratesOf } from "./rates.ts";

type Props = { looks: readonly Load[]; looks_max: number };

export function LoadView({ looks, looks_max }: Props): VNode | null {
  const words = useWords();
  const load = looks.at(-1);
  if (load === undefined) return null;
  const rates = looks.slice(1).flatMap((look, index) => ratesOf(looks[index] ?? look, look) ?? []);
  return (
    <>
      <dl class="tiles">
        <RateTiles rates={rates} max={looks_max} />
        <HeldTiles looks={looks} load={load} max={looks_max} />
      </dl>
      <div class="tables">
        <Counts name={words.sizes} counts={load.sizes} />
        <Counts name={words.http} counts={load.http} hint={words.sinceStart} />
        <Counts name={words.refusals} counts={load.refusals} hint={words.sinceStart} />
        <Counts name={words.bounds} counts={load.bounds} hint={words.sinceStart} />
      </div>
    </>
  );
}

/** What happens, per second, and how long a commit takes. */
function RateTiles({ rates, max }: { rates: readonly Rates[]; max: number }): VNode {
  const words = useWords();
  const { fine } = useFormats();
  const last = rates.at(-1);
  const per = (read: (rates: Rates) => number, name: string): VNode => {
    const value = last === undefined ? words.measuring : `${fine(read(last))}${words.perSecond}`;
    return <Tile name={name} value={value} row={rates.map(read)} max={max} />;
  };
  const ms = (value: number | undefined, sign: string): string => {
    if (last === undefined) return words.measuring;
    if (value === undefined) return "–";
    return value === Infinity ? "> 2 s" : `${sign}${fine(value)} ms`;
  };
  return (
    <>
      {per(({ sends }) => sends, words.messages)}
      {per(({ events }) => events, words.events)}
      {per(({ commits }) => commits, words.commits)}
      <Tile
        name={words.commitTime}
        value={ms(last?.commit_mean_ms, "")}
        row={rates.map(({ commit_mean_ms }) => commit_mean_ms ?? 0)}
        max={max}
      />
      <Tile name={words.commitP99} value={ms(last?.commit_p99_ms, "≤ ")} />
      <Tile
        name={words.cpu}
        value={last === undefined ? words.measuring : `${fine(last.cpu)} ${words.cores}`}
        row={rates.map(({ cpu }) => cpu)}
        max={max}
      />
    </>
  );
}

type HeldProps = { looks: readonly Load[]; load: Load; max: number };

/** What it holds at this moment. */
function HeldTiles({ looks, load, max }: HeldProps): VNode {
  const words = useWords();
  const { count, bytes, duration } = useFormats();
  return (
    <>
      <Tile
        name={words.memory}
        value={bytes(load.memory_bytes)}
        row={looks.map(({ memory_bytes }) => memory_bytes)}
        max={max}
      />
      <Tile
        name={words.inFlight}
        value={count(load.in_flight)}
        row={looks.map(({ in_flight }) => in_flight)}
        max={max}
      />
      <Tile name={words.lagging} value={count(load.lagging)} />
      <Tile name={words.longPolls} value={count(load.long_polls)} />
      <Tile name={words.uptime} value={duration(load.uptime_seconds)} />
    </>
  );
}

type TileProps = { name: string; value: string; row?: readonly number[]; max?: number };

function Tile({ name, value, row = [], max = 0 }: TileProps): VNode {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>{value}</dd>
      {max > 0 && (
        <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
          <polyline points={lineOf(row, max)} />
        </svg>
      )}
    </div>
  );
}

type CountsProps = { name: string; counts: Readonly<Record<string, number>>; hint?: string };

/** What was counted at all, the largest first. */
function Counts({ name, counts, hint }: CountsProps): VNode {
  const words = useWords();
  const { count } = useFormats();
  const rows = Object.entries(counts)
    .filter(([, value]) => value > 0)
    .toSorted(([, a], [, b]) => b - a);
  return (
    <section class="counts">
      <h4>
        {name} {hint !== undefined && <small>{hint}</small>}
      </h4>
      {rows.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <dl>
          {rows.map(([key, value]) => (
            <div key={key}>
              <dt>{key.replaceAll("_", " ")}</dt>
              <dd>{count(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
