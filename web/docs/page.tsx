import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Logo } from "../view/icons.tsx";
import { Calls } from "./calls.tsx";
import { ReferenceContext, useWords } from "./context.ts";
import type { Reference } from "./documents.ts";
import { matches } from "./documents.ts";
import { Frames } from "./frames.tsx";
import { Live } from "./live/live.tsx";
import { Codes, Objects } from "./objects.tsx";
import { QuickStart } from "./quick-start.tsx";
import { useLanguage } from "./speech.ts";

export type Loaded = Reference | "loading" | "failed";

export function Page({ loaded, retry }: { loaded: Loaded; retry: () => void }): VNode {
  const words = useWords();
  return (
    <>
      <a class="skip" href="#contents">
        {words.skip}
      </a>
      <Bar version={typeof loaded === "string" ? "" : loaded.version} />
      {typeof loaded === "string" ? (
        <main id="contents" class="waiting">
          <p role="status">{loaded === "loading" ? words.loading : words.loadFailed}</p>
          {loaded === "failed" && (
            <button type="button" class="button primary" onClick={retry}>
              {words.tryAgain}
            </button>
          )}
        </main>
      ) : (
        <ReferenceContext.Provider value={loaded}>
          <Contents reference={loaded} />
        </ReferenceContext.Provider>
      )}
    </>
  );
}

function Bar({ version }: { version: string }): VNode {
  const words = useWords();
  const { toggle } = useLanguage();
  return (
    <header class="bar">
      <a class="brand" href="/docs">
        <Logo />
        <strong>{words.title}</strong>
        <span>{words.forDevelopers}</span>
        {version !== "" && <small>{version}</small>}
      </a>
      <nav>
        <a class="button quiet" href="/">
          {words.toApp}
        </a>
        <button type="button" class="button quiet" onClick={toggle}>
          {words.otherLanguage}
        </button>
      </nav>
    </header>
  );
}

function Contents({ reference }: { reference: Reference }): VNode {
  const words = useWords();
  const [wanted, setWanted] = useState("");
  useEffect(goToHash, []);
  const found = search(reference, wanted);
  const isSearching = wanted.trim() !== "";
  return (
    <div class="columns">
      <aside>
        <input
          type="search"
          class="search"
          value={wanted}
          placeholder={words.search}
          aria-label={words.search}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
        <Side found={found} />
      </aside>
      <main id="contents">
        {!isSearching && (
          <>
            <h1>
              {words.title} <span>{words.forDevelopers}</span>
            </h1>
            <p class="intro">{words.intro}</p>
            <QuickStart />
          </>
        )}
        {/* Hidden while somebody searches, and not ended: the two go on talking. */}
        <div hidden={isSearching}>
          <Live />
        </div>
        {found.calls.length > 0 && <Calls calls={found.calls} />}
        {found.frames.length > 0 && <Frames frames={found.frames} />}
        {found.objects.length > 0 && <Objects names={found.objects} />}
        {!isSearching && <Codes />}
        {isSearching && isEmpty(found) && (
          <p class="nothing" role="status">
            {words.nothingFound}
          </p>
        )}
        {!isSearching && <Sources />}
      </main>
    </div>
  );
}

type Found = Pick<Reference, "calls" | "frames" | "objects" | "tags">;

function search({ calls, frames, objects, tags }: Reference, wanted: string): Found {
  return {
    tags,
    calls: calls.filter(({ id, method, path, summary, tag }) =>
      matches(wanted, id, method, path, summary, tag),
    ),
    frames: frames.filter(({ id, type, group }) => matches(wanted, id, type, group)),
    objects: objects.filter((name) => matches(wanted, name)),
  };
}

function isEmpty({ calls, frames, objects }: Found): boolean {
  return calls.length + frames.length + objects.length === 0;
}

function Side({ found }: { found: Found }): VNode {
  const words = useWords();
  const tags = found.tags.filter(({ name }) => found.calls.some(({ tag }) => tag === name));
  return (
    <nav class="side" aria-label={words.contents}>
      <a href="#quick-start">{words.quickStart}</a>
      <a href="#live">{words.live}</a>
      <a href="#calls">{words.calls}</a>
      <ul>
        {tags.map(({ name }) => (
          <li key={name}>
            <a href={`#tag-${name}`}>{name}</a>
          </li>
        ))}
      </ul>
      <a href="#frames">{words.frames}</a>
      <a href="#objects">{words.objects}</a>
      <a href="#codes">{words.codes}</a>
    </nav>
  );
}

function Sources(): VNode {
  const words = useWords();
  return (
    <footer>
      <p>{words.documents}</p>
      <a href="/v1/openapi.json">OpenAPI 3.1</a>
      <a href="/v1/asyncapi.json">AsyncAPI 3.0</a>
    </footer>
  );
}

/** What a link leads to is opened, also when the page itself was opened by that link. */
function goToHash(): () => void {
  const go = (): void => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target instanceof HTMLDetailsElement) target.open = true;
    target?.scrollIntoView();
  };
  go();
  addEventListener("hashchange", go);
  return () => removeEventListener("hashchange", go);
}
