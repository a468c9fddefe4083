/** One person's side of the talk: small, but with all that makes frames move. */
import type { Message } from "@damso/sdk";
import type { TargetedSubmitEvent, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useWords } from "../context.ts";
import type { Words } from "../words/words.ts";
import type { Player, Talk } from "./stage.ts";

const SHOWN_MAX = 40;
const THUMB = "👍";

export function Pane({ player, isShown }: { player: Player; isShown: boolean }): VNode {
  const words = useWords();
  const talk = player.talk.value;
  const isNew = talk.messages.length + talk.pending.length === 0;
  return (
    <section class={isShown ? "pane shown" : "pane"} aria-label={words.paneOf(player.name)}>
      <header>
        <strong>{player.name}</strong>
        <span class={`state ${talk.state.name}`}>{words.states[talk.state.name]}</span>
        <button
          type="button"
          class="button quiet"
          title={words.cutHint}
          disabled={talk.state.name !== "online"}
          onClick={player.cut}
        >
          {words.cut}
        </button>
      </header>
      <div class="talk" tabIndex={0} role="group" aria-label={words.paneOf(player.name)}>
        <ol>
          {talk.messages.slice(-SHOWN_MAX).map((message) => (
            <Line key={message.message_id} message={message} player={player} talk={talk} />
          ))}
          {talk.pending.map(({ client_id, body, state }) => (
            <li key={client_id} class="own">
              <span class="words">{body}</span>
              <small>{state === "failed" ? words.ticks.failed : words.ticks.waiting}</small>
            </li>
          ))}
          {isNew && <li class="none">{words.nothingYet}</li>}
        </ol>
      </div>
      <p class="typing" aria-live="polite">
        {talk.typing ? words.isTyping(player.peer) : ""}
      </p>
      <Actions player={player} talk={talk} />
      <Writing player={player} />
    </section>
  );
}

function Line({ message, player, talk }: { message: Message; player: Player; talk: Talk }): VNode {
  const words = useWords();
  const isOwn = message.sender_id === player.client.user_id;
  const reactions = Object.entries(message.reactions ?? {});
  return (
    <li class={isOwn ? "own" : ""}>
      <span class={message.deleted_at === undefined ? "words" : "words gone"}>
        {message.deleted_at === undefined ? message.body : words.deleted}
      </span>
      {reactions.map(([emoji, users]) => (
        <span key={emoji} class="reaction">
          {emoji} {users.length}
        </span>
      ))}
      <small>{[...notes(message, isOwn, talk, words)].join(" · ")}</small>
    </li>
  );
}

function* notes(message: Message, isOwn: boolean, talk: Talk, words: Words): Iterable<string> {
  if (message.edited_at !== undefined) yield words.edited;
  if (isOwn) yield message.seq <= talk.peer_read ? words.ticks.read : words.ticks.sent;
}

function Actions({ player, talk }: { player: Player; talk: Talk }): VNode {
  const words = useWords();
  const { client, channel } = player;
  const alive = talk.messages.filter(({ deleted_at }) => deleted_at === undefined);
  const own = alive.findLast(({ sender_id }) => sender_id === client.user_id);
  const other = alive.findLast(({ sender_id }) => sender_id !== client.user_id);
  const isMine = other?.reactions?.[THUMB]?.includes(client.user_id) ?? false;
  // A refusal is a frame too, and that is where one sees it.
  const ask = (call: Promise<unknown>): void => void call.catch(() => undefined);
  return (
    <div class="actions">
      <button
        type="button"
        class="button"
        disabled={other === undefined}
        onClick={() => other && ask(client.react(channel, other.seq, THUMB, !isMine))}
      >
        {words.react}
      </button>
      <button
        type="button"
        class="button"
        disabled={own === undefined}
        onClick={() => own && ask(client.edit(channel, own.seq, `${own.body ?? ""} ✎`, own.rev))}
      >
        {words.edit}
      </button>
      <button
        type="button"
        class="button"
        disabled={own === undefined}
        onClick={() => own && ask(client.delete(channel, own.seq, "all"))}
      >
        {words.remove}
      </button>
    </div>
  );
}

function Writing({ player }: { player: Player }): VNode {
  const words = useWords();
  const [text, setText] = useState("");
  const { client, channel } = player;
  const [hasFocus, setFocus] = useState(false);
  const last = player.talk.value.messages.at(-1)?.seq ?? 0;
  // Whoever writes on this side has the messages before their eyes.
  useEffect(() => {
    if (hasFocus && last > 0) client.read(channel, last);
  }, [hasFocus, last]);
  const send = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (text.trim() === "") return;
    client.sendSoon(channel, text);
    setText("");
  };
  return (
    <form class="writing" onSubmit={send}>
      <input
        value={text}
        placeholder={words.writeAs(player.name)}
        aria-label={words.writeAs(player.name)}
        autocomplete="off"
        maxLength={2000}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          client.typing(channel);
        }}
      />
      <button type="submit" class="button primary">
        {words.send}
      </button>
    </form>
  );
}
