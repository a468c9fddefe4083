import type { AdminChannel } from "@damso/protocol/http/admin";
import type { TargetedSubmitEvent, VNode } from "preact";
import { useState } from "preact/hooks";
import { useFormats, useWords } from "./context.ts";
import { useAsked } from "./use-asked.ts";
import { Waiting } from "./waiting.tsx";

export function ChannelSearch({ wanted }: { wanted: string }): VNode {
  const words = useWords();
  const [typed, setTyped] = useState(wanted);
  const go = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    location.hash = `channels/${encodeURIComponent(typed.trim())}`;
  };
  return (
    <section aria-labelledby="channels-title">
      <h2 id="channels-title">{words.channels}</h2>
      <p class="hint">{words.channelsHint}</p>
      <form class="find" onSubmit={go}>
        <input
          type="search"
          class="search"
          value={typed}
          placeholder={words.channelId}
          aria-label={words.channelId}
          autocapitalize="none"
          spellcheck={false}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button type="submit" class="button primary">
          {words.find}
        </button>
      </form>
      {wanted !== "" && <Found channel={wanted} />}
    </section>
  );
}

function Found({ channel }: { channel: string }): VNode {
  const { answer, problem } = useAsked<"getChannelAsAdmin">(
    `/v1/admin/channels/${encodeURIComponent(channel)}`,
  );
  if (answer === undefined) return <Waiting problem={problem} />;
  return <ChannelCards channels={[answer]} />;
}

export function ChannelCards({ channels }: { channels: readonly AdminChannel[] }): VNode {
  const words = useWords();
  if (channels.length === 0) return <p>{words.noChannels}</p>;
  return (
    <ul class="channels">
      {channels.map((channel) => (
        <ChannelCard key={channel.channel_id} channel={channel} />
      ))}
    </ul>
  );
}

function ChannelCard({ channel }: { channel: AdminChannel }): VNode {
  const words = useWords();
  const { count, time } = useFormats();
  return (
    <li>
      <p>
        <span class="tag">{words[channel.kind]}</span>{" "}
        {channel.name !== undefined && <strong>{channel.name}</strong>}{" "}
        <code>{channel.channel_id}</code>
      </p>
      <p class="facts">
        <span>{words.members(count(channel.members.length))}</span>
        <span>{words.messagesIn(count(channel.messages))}</span>
        {channel.pins > 0 && <span>{words.pins(count(channel.pins))}</span>}
        <span>
          {words.madeAt} {time(channel.created_at)}
        </span>
        {channel.last_message_at !== undefined && (
          <span>
            {words.lastMessage} {time(channel.last_message_at)}
          </span>
        )}
      </p>
      <details>
        <summary>{words.memberList}</summary>
        <ul class="members">
          {channel.members.map(({ user_id, role }) => (
            <li key={user_id}>
              <a href={`#users/${user_id}`}>{user_id}</a> {role}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
