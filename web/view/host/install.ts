/** Whether and how the page can become an app on this device. */
import { signal } from "@preact/signals";
import type { Host, Install } from "../../model/host.ts";

/** Chromium's event, which no standard has: kept until the person clicks. */
type Prompt = Event & { prompt: () => Promise<void> };

export function installing(pane: boolean): Pick<Host, "install" | "installNow"> {
  const install = signal<Install>(pane ? "no" : atStart());
  let offer: Prompt | undefined;
  if (!pane) {
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      offer = event as Prompt;
      install.value = "button";
    });
    addEventListener("appinstalled", () => (install.value = "done"));
  }
  return {
    install,
    installNow: async () => {
      // It can be shown once.
      const shown = offer;
      offer = undefined;
      install.value = "no";
      await shown?.prompt();
    },
  };
}

function atStart(): Install {
  if (matchMedia("(display-mode: standalone)").matches) return "done";
  // Safari's own word for the same, there where only its share menu installs.
  const { standalone } = navigator as Navigator & { standalone?: boolean };
  if (standalone === undefined) return "no";
  return standalone ? "done" : "menu";
}
