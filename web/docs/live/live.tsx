import { platform } from "@damso/sdk/platform/platform";
import { signUp } from "@damso/sdk";
import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Keep } from "../../model/keep.ts";
import { random } from "../../view/random.ts";
import { useWords } from "../context.ts";
import { Section } from "../section.tsx";
import { Pane } from "./pane.tsx";
import { createFrameLog } from "./frame-log.ts";
import type { FrameLog, Side } from "./frame-log.ts";
import { FrameViewer } from "./frame-viewer.tsx";
import type { Stage } from "./stage.ts";
import { createStage } from "./stage.ts";

export function Live(): VNode {
  const words = useWords();
  const { stage, log } = useMemo(() => openStage(() => words.names), []);
  const phase = stage.phase.value;
  return (
    <Section id="live" title={words.live} hint={words.liveHint}>
      {stage.players.value === undefined ? (
        <div class="live-start">
          <button
            type="button"
            class="button primary"
            disabled={phase === "starting"}
            onClick={() => void stage.start()}
          >
            {phase === "starting" ? words.liveStarting : words.liveStart}
          </button>
          <p class="problem" role="alert">
            {phase === "failed" ? words.liveFailed : ""}
          </p>
        </div>
      ) : (
        <Playing stage={stage} log={log} players={stage.players.value} />
      )}
    </Section>
  );
}

type Playing = { stage: Stage; log: FrameLog; players: NonNullable<Stage["players"]["value"]> };

/** Beside one another where there is room; on a phone one side at a time, above the frames. */
function Playing({ stage, log, players }: Playing): VNode {
  const words = useWords();
  const [side, setSide] = useState<Side>("left");
  return (
    <div class="live">
      <div class="live-chats">
        <div class="choices sides" role="group" aria-label={words.live}>
          {players.map((player) => (
            <button
              type="button"
              key={player.side}
              class="button"
              aria-pressed={side === player.side}
              onClick={() => setSide(player.side)}
            >
              {words.paneOf(player.name)}
            </button>
          ))}
        </div>
        {players.map((player) => (
          <Pane key={player.side} player={player} isShown={side === player.side} />
        ))}
        <button type="button" class="button quiet" onClick={() => void stage.end()}>
          {words.liveEnd}
        </button>
      </div>
      <FrameViewer log={log} names={[players[0].name, players[1].name]} />
    </div>
  );
}

function openStage(names: () => readonly [string, string]): { stage: Stage; log: FrameLog } {
  const log = createFrameLog(() => Date.now());
  const stage = createStage({
    keep: forThisVisit(),
    server: location.origin,
    signUp: (account) => signUp(account),
    environment: platform,
    log,
    names,
    random,
  });
  return { stage, log };
}

/** These two are for looking at: a reload begins with new ones, and the app's demo keeps its own. */
function forThisVisit(): Keep {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key),
    set: (key, text) => void kept.set(key, text),
    remove: (key) => void kept.delete(key),
  };
}
