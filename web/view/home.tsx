import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Home as HomeModel } from "../model/home.ts";
import { HomeContext, useApp, useStrings } from "./app-context.ts";
import { Arrived } from "./arrival/arrival.tsx";
import { ChatList } from "./chat-list.tsx";
import { Logo } from "./icons.tsx";
import { later } from "./later.tsx";
import { Panels } from "./panels.tsx";
import { SkipLinks } from "./skip-links.tsx";
import { useAttention, useRoute, useTitle } from "./use-page.ts";

const Chat = later(() => import("./chat.tsx").then((m) => m.Chat));

/** The list and the chat beside it; on a narrow screen one of them. */
export function Home({ home }: { home: HomeModel }): VNode {
  const { pane } = useApp();
  const chat = home.chat.value;
  useRoute(home, !pane);
  useTitle(home);
  useAttention(home, pane);
  // The list is drawn first; the code of a chat is here before anybody can have opened one.
  useEffect(() => void Chat.preload().catch(() => {}), []);
  return (
    <HomeContext.Provider value={home}>
      <div class={`home${chat ? " in-chat" : ""}`}>
        <SkipLinks inChat={chat !== undefined} />
        <Bar home={home} />
        <ChatList home={home} />
        {chat ? <Chat key={chat.id} chat={chat} onBack={home.close} /> : <NoChat />}
        <Panels home={home} />
        <Arrived />
        <p class="notice" role="alert">
          {home.notice.value}
        </p>
        <div class="hidden" aria-live="polite">
          {home.announcement.value}
        </div>
      </div>
    </HomeContext.Provider>
  );
}

function NoChat(): VNode {
  return (
    <main class="no-chat">
      <Logo />
      <p>{useStrings().pickChat}</p>
    </main>
  );
}

/** The connection in words, above everything else; what may be over at once stands in the headers instead. */
function Bar({ home }: { home: HomeModel }): VNode {
  const { app } = useApp();
  const strings = useStrings();
  const bar = home.bar.value;
  return (
    <div class="bar" role="status">
      {bar && (
        <p class={bar.slow ? "hidden" : ""}>
          {bar.text}
          {bar.action === "restart" && (
            <button type="button" class="button" onClick={() => void app.restart()}>
              {strings.useHere}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
