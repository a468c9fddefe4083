import type { Check, Load, NodeView } from "@damso/protocol/http/admin";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useFormats, useWords } from "./context.ts";
import { LoadView } from "./load.tsx";
import { useAsked } from "./use-asked.ts";
import { Waiting } from "./waiting.tsx";

const LOOK_MS = 2000;
/** Two minutes of looks. */
const LOOKS_MAX = 60;

export function Overview(): VNode {
  const words = useWords();
  const { answer, problem, again } = useAsked<"getOverview">("/v1/admin/overview");
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void again();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  if (answer === undefined) return <Waiting problem={problem} />;
  return (
    <>
      <p class="problem" role="alert">
        {problem}
      </p>
      <ul class="checks">
        {answer.checks.map((check) => (
          <CheckView key={check.name} check={check} />
        ))}
      </ul>
      <h2>{words.nodes}</h2>
      {answer.nodes.map((node) => (
        <NodeCard key={node.node_id} node={node} version={answer.version} />
      ))}
      {answer.nodes.length > 1 && <p class="hint">{words.otherNodeHint}</p>}
    </>
  );
}

function CheckView({ check }: { check: Check }): VNode {
  const words = useWords();
  const { fine } = useFormats();
  return (
    <li class={check.ok ? "check ok" : "check failing"}>
      <span class="mark" aria-hidden="true">
        {check.ok ? "✓" : "!"}
      </span>
      <strong>{words.checks[check.name]}</strong>
      <span>
        {check.ok ? words.fine : words.failing} · {words.took(fine(check.took_ms))}
      </span>
      {check.detail !== undefined && <small>{check.detail}</small>}
    </li>
  );
}

function NodeCard({ node, version }: { node: NodeView; version: string }): VNode {
  const words = useWords();
  const { count } = useFormats();
  const { load } = node;
  return (
    <article class="node" aria-label={node.node_id}>
      <header>
        <h3>{node.node_id}</h3>
        {load && <span class="tag">{words.thisNode}</span>}
        {load && <small>{version}</small>}
        {node.draining && <span class="tag warn">{words.draining}</span>}
      </header>
      <p class="facts">
        <span>{words.socketsOf(count(node.connections), count(node.capacity))}</span>
        {node.shards !== undefined && <span>{words.shards(count(node.shards))}</span>}
        <span>{node.roles.join(", ")}</span>
        <span>{[node.region, node.zone].filter((part) => part !== "").join(" / ")}</span>
        {node.url !== undefined && <a href={`${node.url}/admin`}>{node.url}</a>}
      </p>
      <Filling share={node.capacity > 0 ? node.connections / node.capacity : 0} />
      {load && <Watched load={load} />}
    </article>
  );
}

/** How full a node is, in words above it as well. */
function Filling({ share }: { share: number }): VNode {
  return <progress class="filling" max={1} value={Math.min(1, share)} aria-hidden="true" />;
}

/** The looks of the last two minutes: rates are made of two. */
function Watched({ load }: { load: Load }): VNode {
  const [looks, setLooks] = useState<readonly Load[]>([load]);
  useEffect(() => {
    setLooks((past) => (past.at(-1)?.at === load.at ? past : [...past, load].slice(-LOOKS_MAX)));
  }, [load.at]);
  return <LoadView looks={looks} looks_max={LOOKS_MAX} />;
}
