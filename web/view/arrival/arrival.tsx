/** What is shown first to whoever has just come. */
import type { VNode } from "preact";
import { useApp, useHome } from "../app-context.ts";
import { lazily } from "../lazy.tsx";

const Begin = lazily(() => import("../screens.ts").then((m) => m.Begin));
const Invitation = lazily(() => import("../screens.ts").then((m) => m.Invitation));

export function Arrived(): VNode | null {
  const { app, pane } = useApp();
  const { me } = useHome();
  const { arrival } = app;
  if (pane) return null;
  if (arrival.isNew(me.id)) return <Begin onClose={arrival.settled} />;
  const link = arrival.link.value;
  return link ? <Invitation link={link} onClose={arrival.answered} /> : null;
}
