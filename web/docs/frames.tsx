import type { VNode } from "preact";
import { Code } from "./code.tsx";
import { useReference, useWords } from "./context.ts";
import type { Frame, FrameGroup } from "./documents.ts";
import { pretty } from "./json.ts";
import { exampleOf } from "./schema.ts";
import { SchemaView } from "./schema-view.tsx";
import { Entry, Section } from "./section.tsx";

const GROUPS: readonly FrameGroup[] = ["client", "reply", "event", "ephemeral"];

export function Frames({ frames }: { frames: readonly Frame[] }): VNode {
  const words = useWords();
  return (
    <Section id="frames" title={words.frames} hint={words.framesHint}>
      {GROUPS.filter((group) => frames.some((frame) => frame.group === group)).map((group) => (
        <div key={group} class="group" id={`group-${group}`}>
          <h3>{words.groups[group]}</h3>
          {frames
            .filter((frame) => frame.group === group)
            .map((frame) => (
              <FrameEntry key={frame.id} frame={frame} />
            ))}
        </div>
      ))}
    </Section>
  );
}

function FrameEntry({ frame }: { frame: Frame }): VNode {
  const words = useWords();
  const { schemas } = useReference();
  const reply = frame.reply === undefined ? words.noReply : words.replyIs(frame.reply);
  const head = (
    <>
      <span class={`method ${frame.group}`}>{frame.group === "client" ? "→" : "←"}</span>
      <code class="path">{frame.type}</code>
      {frame.group === "client" && <span class="summary">{reply}</span>}
    </>
  );
  return (
    <Entry id={`frame-${frame.id}`} head={head}>
      <SchemaView schema={frame.schema} without="type" />
      <h4>{words.example}</h4>
      <Code name={frame.type} text={pretty(exampleOf(frame.schema, schemas))} />
    </Entry>
  );
}
