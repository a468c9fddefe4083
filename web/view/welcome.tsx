import type { VNode } from "preact";
import { useApp, useLanguage, useStrings } from "./app-context.ts";
import { Logo } from "./icons.tsx";
import { useEntrance } from "./use-entrance.ts";

export function Welcome(): VNode {
  const { app } = useApp();
  const strings = useStrings();
  const words = useEntrance();
  // Whoever was invited wants to get there, not to look around.
  const link = app.arrival.link.value;
  const invited = link !== undefined;
  // Whoever lets a device in has an account.
  const isDevice = link?.kind === "device";
  // The two windows of the demo are pages of the server's: in the app for phones the page is another's.
  const hasDemo = app.server === location.origin;
  return (
    <main class="welcome">
      <LanguageButton />
      <div class="card">
        <Logo />
        <h1>
          Damso <span lang="ko">담소</span>
        </h1>
        <p class="tagline">
          {invited ? (isDevice ? words.byCode.first : words.invited) : strings.tagline}
        </p>
        {!invited && hasDemo && (
          <>
            <a class="button primary wide" href="/?demo">
              {strings.tryIt}
            </a>
            <p class="hint">{words.tryItHint}</p>
          </>
        )}
        <div class="pair">
          {!isDevice && (
            <button
              type="button"
              class={invited || !hasDemo ? "button primary" : "button"}
              onClick={() => app.show("sign_up")}
            >
              {strings.signUp}
            </button>
          )}
          <button
            type="button"
            class={isDevice ? "button primary" : "button"}
            onClick={() => app.show("log_in")}
          >
            {strings.logIn}
          </button>
        </div>
      </div>
    </main>
  );
}

export function LanguageButton(): VNode {
  const { app } = useApp();
  const other = useLanguage() === "ko" ? "en" : "ko";
  return (
    <button type="button" class="button quiet language" lang={other} onClick={app.speech.toggle}>
      {useStrings().otherLanguage}
    </button>
  );
}
