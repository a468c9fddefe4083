import type { Channel } from "@damso/sdk";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Mute } from "../../model/mute.ts";
import { muteOf, mutedUntil } from "../../model/mute.ts";
import type { Report } from "../../model/report.ts";
import { untilText } from "../../model/until.ts";
import { useHome, useLanguage } from "../app-context.ts";
import { Dialog } from "../dialog.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";

const MUTES: readonly Mute[] = ["off", "hour", "workday", "ever"];

type Props = { channel: Channel; report: Report };

/** Whether the chat may be heard; leads to the choice for how long it may not. */
export function MuteRow({ channel, report }: Props): VNode {
  const words = useScreens().mute;
  const { now } = useHome().context;
  const language = useLanguage();
  const [choosing, setChoosing] = useState(false);
  const mute = muteOf(channel.muted_until, now.value);
  const until = untilText(channel.muted_until ?? "", now.value, language);
  const value = {
    off: words.on,
    hour: words.until(until),
    workday: words.until(until),
    ever: words.ever,
  };
  return (
    <>
      <Row
        icon={mute === "off" ? "bell" : "quiet"}
        title={words.title}
        value={value[mute]}
        leads
        onClick={() => setChoosing(true)}
      />
      {choosing && (
        <MuteChoice channel={channel} report={report} onClose={() => setChoosing(false)} />
      )}
    </>
  );
}

function MuteChoice({ channel, report, onClose }: Props & { onClose: () => void }): VNode {
  const words = useScreens().mute;
  const { client, now } = useHome().context;
  function choose(mute: Mute): void {
    onClose();
    void report(client.set(channel.id, { muted_until: mutedUntil(mute, now.peek()) }));
  }
  return (
    <Dialog title={words.title} onClose={onClose}>
      <Section>
        {MUTES.map((mute) => (
          <Row key={mute} title={words.choices[mute]} onClick={() => choose(mute)} />
        ))}
      </Section>
    </Dialog>
  );
}
