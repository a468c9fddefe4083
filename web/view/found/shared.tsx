import type { ChannelId } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { Report } from "../../model/report.ts";
import type { Shared } from "../../model/shared.ts";
import { createShared } from "../../model/shared.ts";
import { sizeText } from "../../model/size.ts";
import { dateText } from "../../model/until.ts";
import { useHome, useLocale } from "../app-context.ts";
import { Thumb } from "../files/thumb.tsx";
import type { IconName } from "../icons.tsx";
import { Icon } from "../icons.tsx";
import { Nothing, Skeleton } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";

const TABS = ["media", "files", "links"] as const;
type Tab = (typeof TABS)[number];
const icons: Record<Tab, IconName> = { media: "image", files: "file", links: "link" };

type Props = { channel: ChannelId; report: Report; onJump: (seq: number) => void };

export function SharedPage({ channel, report, onJump }: Props): VNode {
  const words = useScreens().shared;
  const { context } = useHome();
  const [shared] = useState(() => createShared(context, channel, report));
  const [tab, setTab] = useState<Tab>("media");
  const id = useId();
  useEffect(() => void shared.look(), [shared]);
  return (
    <>
      <div class="tabs" role="tablist" onKeyDown={moveFocus}>
        {TABS.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`${id}-${each}`}
            aria-selected={each === tab}
            aria-controls={id}
            tabIndex={each === tab ? 0 : -1}
            onClick={() => setTab(each)}
          >
            {words[each]}
          </button>
        ))}
      </div>
      <div id={id} role="tabpanel" aria-labelledby={`${id}-${tab}`}>
        <TabBody shared={shared} tab={tab} onJump={onJump} />
      </div>
      <More shared={shared} />
    </>
  );
}

/** The arrow keys go from tab to tab. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const tabs = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
  const at = tabs.indexOf(event.target as HTMLButtonElement);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  next?.focus();
  next?.click();
}

type BodyProps = { shared: Shared; tab: Tab; onJump: (seq: number) => void };

function TabBody({ shared, tab, onJump }: BodyProps): VNode {
  const words = useScreens().shared;
  const count = shared[tab].value.length;
  if (count === 0 && shared.busy.value) return <Skeleton rows={3} />;
  if (count === 0) return <Nothing icon={icons[tab]} title={words.none[tab]} />;
  if (tab === "media") return <Media shared={shared} onJump={onJump} />;
  return tab === "files" ? (
    <Files shared={shared} onJump={onJump} />
  ) : (
    <Links shared={shared} onJump={onJump} />
  );
}

function Media({ shared, onJump }: Omit<BodyProps, "tab">): VNode {
  const locale = useLocale();
  return (
    <ul class="thumbs">
      {shared.media.value.map(({ attachment, message }) => (
        <li key={attachment.id}>
          <button
            type="button"
            aria-label={`${attachment.name}, ${dateText(message.created_at, locale)}`}
            onClick={() => onJump(message.seq)}
          >
            <Thumb attachment={attachment} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Files({ shared, onJump }: Omit<BodyProps, "tab">): VNode {
  const locale = useLocale();
  return (
    <div class="section-box">
      {shared.files.value.map(({ attachment, message }) => (
        <button key={attachment.id} type="button" class="item" onClick={() => onJump(message.seq)}>
          <Icon name="file" />
          <span class="item-name">
            <span class="one-line">{attachment.name}</span>
            <small>
              {sizeText(attachment.bytes, locale)} · {dateText(message.created_at, locale)}
            </small>
          </span>
        </button>
      ))}
    </div>
  );
}

function Links({ shared, onJump }: Omit<BodyProps, "tab">): VNode {
  const { people } = useHome().context;
  const locale = useLocale();
  return (
    <div class="section-box">
      {shared.links.value.map(({ url, message }, index) => (
        <button
          key={`${message.seq} ${index}`}
          type="button"
          class="item"
          onClick={() => onJump(message.seq)}
        >
          <Icon name="link" />
          <span class="item-name">
            <span class="one-line">{url.replace(/^https?:\/\//, "")}</span>
            <small>
              {people.nameOf(message.sender_id)} · {dateText(message.created_at, locale)}
            </small>
          </span>
        </button>
      ))}
    </div>
  );
}

function More({ shared }: { shared: Shared }): VNode | null {
  const words = useScreens().shared;
  if (!shared.more.value || shared.busy.value) return null;
  return (
    <button type="button" class="button quiet" onClick={() => void shared.look()}>
      {words.more}
    </button>
  );
}
