import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { createScene } from "../testing/context.ts";
import { at, direct, talk, userId } from "../testing/scene.ts";
import { presenceView } from "./presence.ts";

const bob = userId(2);

test("without a connection nobody is said to be here, or not to be", () => {
  const { fake, context } = createScene([talk(direct(2), [1, 2], [])]);
  const away = { ...context, connected: signal(false) };
  expect(presenceView(context, bob).text).toBe("offline");
  expect(presenceView(away, bob)).toEqual({ online: false, text: "" });
  fake.see({ user_id: bob, state: "online" });
  expect(presenceView(away, bob)).toEqual({ online: false, text: "" });
  fake.see({ user_id: bob, state: "offline", last_active_at: at(5) });
  expect(presenceView(away, bob).text).toBe("last seen 5 minutes ago");
});
