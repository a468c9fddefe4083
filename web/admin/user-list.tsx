import { DEMO_PREFIX } from "@damso/protocol/demo";
import type { AdminUser } from "@damso/protocol/http/admin";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { colourOf, initials } from "../model/initials.ts";
import { useFormats, useWords } from "./context.ts";
import { useAsked } from "./use-asked.ts";
import { Waiting } from "./waiting.tsx";

/** After the last key, so that a name is one question. */
const PAUSE_MS = 250;
const PAGE = 50;

export function UserList(): VNode {
  const words = useWords();
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setWanted(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <section aria-labelledby="users-title">
      <h2 id="users-title">{words.users}</h2>
      <input
        type="search"
        class="search"
        value={typed}
        placeholder={words.searchUsers}
        aria-label={words.searchUsers}
        maxLength={64}
        autocapitalize="none"
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <button type="button" class="button quiet" onClick={() => setTyped(DEMO_PREFIX)}>
        {words.demoUsers}
      </button>
      <UserPages key={wanted} wanted={wanted} />
    </section>
  );
}

/** The pages so far; each is asked for with the last id of the one above it. */
function UserPages({ wanted }: { wanted: string }): VNode {
  const [starts, setStarts] = useState<readonly string[]>([""]);
  return (
    <>
      {starts.map((before, index) => (
        <UserPageOf
          key={before}
          wanted={wanted}
          before={before}
          isLast={index === starts.length - 1}
          next={(id) => setStarts([...starts, id])}
        />
      ))}
    </>
  );
}

type PageProps = { wanted: string; before: string; isLast: boolean; next: (id: string) => void };

function UserPageOf({ wanted, before, isLast, next }: PageProps): VNode {
  const words = useWords();
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (wanted !== "") query.set("q", wanted);
  if (before !== "") query.set("before", before);
  const { answer, problem } = useAsked<"listUsers">(`/v1/admin/users?${query.toString()}`);
  if (answer === undefined) return <Waiting problem={problem} />;
  const last = answer.users.at(-1);
  return (
    <>
      <ul class="people">
        {answer.users.map((user) => (
          <UserRow key={user.user_id} user={user} />
        ))}
      </ul>
      {last === undefined && <p role="status">{words.noUsers}</p>}
      {isLast && last !== undefined && answer.more && (
        <button type="button" class="button wide" onClick={() => next(last.user_id)}>
          {words.more}
        </button>
      )}
    </>
  );
}

function UserRow({ user }: { user: AdminUser }): VNode {
  const words = useWords();
  const { count, time } = useFormats();
  return (
    <li>
      <a href={`#users/${user.user_id}`}>
        <span class={`avatar small colour-${colourOf(user.user_id)}`} aria-hidden="true">
          {initials(user.name === "" ? user.username : user.name)}
        </span>
        <span class="who-is">
          <strong>{user.name === "" ? "–" : user.name}</strong> <span>@{user.username}</span>
        </span>
        <UserTags user={user} />
        <span class="used">
          {user.last_active_at === undefined
            ? words.neverActive
            : `${words.sessions(count(user.sessions))} · ${time(user.last_active_at)}`}
        </span>
      </a>
    </li>
  );
}

export function UserTags({ user }: { user: AdminUser }): VNode | null {
  const words = useWords();
  if (user.deleted) return <span class="tag">{words.deleted}</span>;
  return user.disabled ? <span class="tag warn">{words.disabled}</span> : null;
}
