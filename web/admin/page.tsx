import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLanguage } from "../docs/speech.ts";
import { Logo } from "../view/icons.tsx";
import { ChannelSearch } from "./channels.tsx";
import { useDesk, useWords } from "./context.ts";
import { LogLevelForm } from "./log-level.tsx";
import { Overview } from "./overview.tsx";
import { SignIn } from "./sign-in.tsx";
import { UserPage } from "./user.tsx";
import { UserList } from "./user-list.tsx";

export type Door = "asking" | "closed" | "open";

export function Page({ door, enter }: { door: Door; enter: () => void }): VNode {
  const words = useWords();
  return (
    <>
      <a class="skip" href="#contents">
        {words.skip}
      </a>
      <Bar isOpen={door === "open"} />
      {door === "open" ? (
        <Rooms />
      ) : (
        <main id="contents" class="closed">
          {door === "asking" ? <p role="status">{words.loading}</p> : <SignIn enter={enter} />}
        </main>
      )}
    </>
  );
}

function Bar({ isOpen }: { isOpen: boolean }): VNode {
  const words = useWords();
  const { toggle } = useLanguage();
  const { api, left } = useDesk();
  const leave = async (): Promise<void> => {
    await api.leave();
    left();
  };
  return (
    <header class="bar">
      <a class="brand" href="/admin">
        <Logo />
        <strong>{words.title}</strong>
        <span>{words.administration}</span>
      </a>
      <nav>
        <button type="button" class="button quiet" onClick={toggle}>
          {words.otherLanguage}
        </button>
        {isOpen && (
          <button type="button" class="button quiet" onClick={leave}>
            {words.leave}
          </button>
        )}
      </nav>
    </header>
  );
}

const ROOMS = ["overview", "users", "channels", "log"] as const;
type Room = (typeof ROOMS)[number];
type Place = { room: Room; about: string };

/** `#users/1523…` is that user's page, so that the browser's back button leads to the list. */
function placeOf(hash: string): Place {
  const [name = "", about = ""] = hash.slice(1).split("/");
  const room = ROOMS.find((each) => each === name) ?? "overview";
  return { room, about: decodeURIComponent(about) };
}

function Rooms(): VNode {
  const words = useWords();
  const [place, setPlace] = useState(placeOf(location.hash));
  useEffect(() => {
    const follow = (): void => setPlace(placeOf(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return (
    <main id="contents">
      <h1 class="hidden">
        {words.title} {words.administration}
      </h1>
      <nav class="rooms" aria-label={words.administration}>
        {ROOMS.map((room) => (
          <a
            key={room}
            class="button"
            href={`#${room}`}
            aria-current={place.room === room ? "page" : undefined}
          >
            {words[room]}
          </a>
        ))}
      </nav>
      <RoomView place={place} />
    </main>
  );
}

function RoomView({ place }: { place: Place }): VNode {
  switch (place.room) {
    case "overview":
      return <Overview />;
    case "users":
      return place.about === "" ? <UserList /> : <UserPage key={place.about} user={place.about} />;
    case "channels":
      return <ChannelSearch key={place.about} wanted={place.about} />;
    case "log":
      return <LogLevelForm />;
  }
}
