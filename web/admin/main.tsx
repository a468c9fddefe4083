/** The page for operators. */
import { signal } from "@preact/signals";
import { render } from "preact";
import type { VNode } from "preact";
import { LanguageContext, openLanguage } from "../docs/speech.ts";
import { createApi } from "./api.ts";
import { DeskContext } from "./context.ts";
import { openKeys } from "./keys.ts";
import type { Door } from "./page.tsx";
import { Page } from "./page.tsx";

const choice = openLanguage();
const api = createApi(
  openKeys(() => sessionStorage),
  (path, init) => fetch(path, init),
);
const door = signal<Door>("asking");

async function tryDoor(): Promise<void> {
  door.value = "asking";
  try {
    door.value = (await api.mayEnter()) ? "open" : "closed";
  } catch {
    door.value = "closed";
  }
}

function Root(): VNode {
  return (
    <LanguageContext.Provider value={choice}>
      <DeskContext.Provider value={{ api, left: () => (door.value = "closed") }}>
        <Page door={door.value} enter={() => (door.value = "open")} />
      </DeskContext.Provider>
    </LanguageContext.Provider>
  );
}

const root = document.getElementById("app");
if (root === null) throw new Error("admin.html has no #app");
void tryDoor();
render(<Root />, root);
