/** What a node does at the moment: rates with their last two minutes, and what it holds. */
import type { Load } from "@damso/protocol/http/admin";
import type { VNode } from "preact";
import { useFormats, useWords } from "./context.ts";
import type { Rates } from "./rates.ts";
import { lineOf, ratesOf } from "./rates.ts";

type Props = { looks: readonly Load[]; looks_max: number };

export function LoadView({ looks, looks_max }: Props): VNode | null {
  const words = useWords();
  const { count, fine, bytes, duration } = useFormats();
  const load = looks.at(-1);
  if (load === undefined) return null;
  const rates = looks.slice(1).flatMap((look, index) => ratesOf(looks[index] ?? look, look) ?? []);
  const last = rates.at(-1);
  const of = (read: (rates: Rates) => number): readonly number[] => rates.map(read);
  const ms = (value: number | undefined, sign: string): string => {
    if (last === undefined) return words.measuring;
    if (value === undefined) return "–";
    return value === Infinity ? "> 2 s" : `${sign}${fine(value)} ms`;
  };
  const per = (value: number | undefined): string =>
    value === undefined ? words.measuring : `${fine(value)}${words.perSecond}`;
  return (
    <>
      <dl class="tiles">
        <Tile
          name={words.messages}
          value={per(last?.sends)}
          row={of((r) => r.sends)}
          max={looks_max}
        />
        <Tile
          name={words.events}
          value={per(last?.events)}
          row={of((r) => r.events)}
          max={looks_max}
        />
        <Tile
          name={words.commits}
          value={per(last?.commits)}
          row={of((r) => r.commits)}
          max={looks_max}
        />
        <Tile
          name={words.commitTime}
          value={ms(last?.commit_mean_ms, "")}
          row={of((r) => r.commit_mean_ms ?? 0)}
          max={looks_max}
        />
        <Tile name={words.commitP99} value={ms(last?.commit_p99_ms, "≤ ")} />
        <Tile
          name={words.cpu}
          value={last === undefined ? words.measuring : `${fine(last.cpu)} ${words.cores}`}
          row={of((r) => r.cpu)}
          max={looks_max}
        />
        <Tile
          name={words.memory}
          value={bytes(load.memory_bytes)}
          row={looks.map((look) => look.memory_bytes)}
          max={looks_max}
        />
        <Tile
          name={words.inFlight}
          value={count(load.in_flight)}
          row={looks.map((look) => look.in_flight)}
          max={looks_max}
        />
        <Tile name={words.lagging} value={count(load.lagging)} />
        <Tile name={words.longPolls} value={count(load.long_polls)} />
        <Tile name={words.uptime} value={duration(load.uptime_seconds)} />
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
