/** Logging in by a QR code that another device approves: what the new device shows. */
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ByCode as ByCodeModel, ByCodeState } from "../model/by-code.ts";
import { createByCode } from "../model/by-code.ts";
import { deviceName } from "../model/device-name.ts";
import { sentence } from "../model/report.ts";
import { useApp, useStrings } from "./app-context.ts";
import { copyText } from "./copy.ts";
import { Qr } from "./parts/qr.tsx";
import { post } from "./post.ts";
import { useEntrance } from "./use-entrance.ts";
import { LanguageButton } from "./welcome.tsx";

export function ByCode({ onPassword }: { onPassword: () => void }): VNode {
  const words = useEntrance().byCode;
  const model = useByCode();
  const state = model.state.value;
  const heading = useRef<HTMLHeadingElement>(null);
  function again(): void {
    heading.current?.focus();
    void model.start();
  }
  // The button that led here is gone: whoever hears the page begins at its title.
  useEffect(() => heading.current?.focus(), []);
  return (
    <main class="welcome">
      <LanguageButton />
      <div class="card by-code">
        <h1 ref={heading} tabIndex={-1}>
          {words.title}
        </h1>
        <Body state={state} onAgain={again} />
        <ol class="steps">
          {words.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <button type="button" class="button quiet" onClick={onPassword}>
          {words.password}
        </button>
      </div>
    </main>
  );
}

/** Begins at once, and ends with the screen. */
function useByCode(): ByCodeModel {
  const { app } = useApp();
  const [{ model, abort }] = useState(() => {
    const leaving = new AbortController();
    const { server } = app;
    const created = createByCode({
      server,
      cookie: server === location.origin,
      device_name: deviceName(navigator.userAgent),
      post: (path, body) => post(server + path, body, leaving.signal),
      now: Date.now,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      entered: app.enterAs,
    });
    return { model: created, abort: leaving };
  });
  useEffect(() => {
    void model.start();
    return () => {
      model.stop();
      abort.abort();
    };
  }, [model, abort]);
  return model;
}

function Body({ state, onAgain }: { state: ByCodeState; onAgain: () => void }): VNode {
  const words = useEntrance().byCode;
  const strings = useStrings();
  switch (state.name) {
    case "starting":
      return <Frame says={words.starting} />;
    case "shown":
      return <Shown {...state} />;
    case "over":
      return <Ended title={words.over} onAgain={onAgain} />;
    case "refused":
      return <Ended title={words.refused} text={words.refusedText} onAgain={onAgain} />;
    case "failed":
      return <Ended title={sentence(state.error, strings)} onAgain={onAgain} />;
  }
}

/** The place of the code, as large as it, whatever stands in it: nothing moves when it comes and goes. */
function Frame({ children, says }: { children?: ComponentChildren; says: string }): VNode {
  return (
    <>
      <div class="code-frame">{children}</div>
      <p class="code-state" role="status">
        {says}
      </p>
    </>
  );
}

function Shown({ url, ends_at, away }: { url: string; ends_at: number; away: boolean }): VNode {
  const words = useEntrance().byCode;
  const strings = useStrings();
  const [copied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    await copyText(url);
    setCopied(true);
  }
  return (
    <>
      <Frame says={away ? strings.waitingBar : words.waiting}>
        <Qr text={url} label={words.qr} />
      </Frame>
      <TimeLeft until={ends_at} />
      <button type="button" class="button" onClick={() => void copy()}>
        <span aria-live="polite">{copied ? words.copied : words.copy}</span>
      </button>
    </>
  );
}

/** For eyes: read out every second it would be in the way. */
function TimeLeft({ until }: { until: number }): VNode {
  const words = useEntrance().byCode;
  const [, drawn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => drawn(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, Math.round((until - Date.now()) / 1000));
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return (
    <p class="hint" role="timer" aria-live="off">
      {words.left(time)}
    </p>
  );
}

type EndedProps = { title: string; text?: string; onAgain: () => void };

function Ended({ title, text, onAgain }: EndedProps): VNode {
  const words = useEntrance().byCode;
  return (
    <div class="code-frame ended" role="alert">
      <strong>{title}</strong>
      {text !== undefined && <p>{text}</p>}
      <button type="button" class="button primary" onClick={onAgain}>
        {words.again}
      </button>
    </div>
  );
}
