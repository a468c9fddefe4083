import type { Channel } from "@damso/sdk";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Mute } from "../../model/mute.ts";
import { muteOf, mutedUntil } from "../../model/mute.ts";
import type { Report } from "../../model/report.ts";
import { untilText } from "../../model/until.ts";
import { useHome, useLocale } from "../app-context.ts";
import { Dialog } from "../dialog.tsx";
import { Choice, Row, Section } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";

const MUTES: readonly Mute[] = ["off", "hour", "workday", "ever"];

type Props = { channel: Channel; report: Report };

/** Whether the chat may be heard; leads to the choice for how long it may not. */
export function MuteRow({ channel, report }: Props): VNode {
  const words = useScreens().mute;
  const { now } = useHome().context;
  const locale = useLocale();
  const [choosing, setChoosing] = useState(false);
  const mute = muteOf(channel.muted_until, now.value);
  const until = untilText(channel.muted_until ?? "", now.value, locale);
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
      {channel.kind === "group" && <Level channel={channel} report={report} />}
    </Dialog>
  );
}

/** Which messages of a group are worth a notification, where that is to be other than for all groups. */
function Level({ channel, report }: Props): VNode {
  const words = useScreens().notify;
  const { client } = useHome().context;
  return (
    <Choice
      title={words.group}
      options={[
        ["account", words.account],
        ["all", words.levels.all],
        ["mentions", words.levels.mentions],
      ]}
      value={channel.push_level === "none" ? undefined : (channel.push_level ?? "account")}
      onChange={(level) =>
        void report(client.set(channel.id, { push_level: level === "account" ? null : level }))
      }
    />
  );
}
