/** The page for developers: asks this server for its own documents and shows them. */
import { signal } from "@preact/signals";
import { render } from "preact";
import type { VNode } from "preact";
import { readDocuments } from "./documents.ts";
import type { Json } from "./json.ts";
import type { Loaded } from "./page.tsx";
import { Page } from "./page.tsx";
import { LanguageContext, openLanguage } from "./speech.ts";

const choice = openLanguage();
const loaded = signal<Loaded>("loading");

async function load(): Promise<void> {
  loaded.value = "loading";
  try {
    const [http, socket] = await Promise.all(
      ["/v1/openapi.json", "/v1/asyncapi.json"].map(async (path) => {
        const answer = await fetch(path);
        if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
        return (await answer.json()) as Json;
      }),
    );
    loaded.value = readDocuments(http ?? null, socket ?? null);
  } catch {
    loaded.value = "failed";
  }
}

function Root(): VNode {
  return (
    <LanguageContext.Provider value={choice}>
      <Page loaded={loaded.value} retry={() => void load()} />
    </LanguageContext.Provider>
  );
}

const root = document.getElementById("app");
if (root === null) throw new Error("docs.html has no #app");
void load();
render(<Root />, root);
