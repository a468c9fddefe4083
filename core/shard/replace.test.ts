import { expect, test } from "bun:test";
import type { SocketMark } from "../presence/home.ts";
import { device, openScene } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const EARLY = 1000;
const LATE = 2000;

type At = { gateway: string; socket?: SocketMark; n?: number };

async function people() {
  const scene = await openScene(1);
  const user_id = scene.people[0]!;
  const attach = ({ gateway, socket, n = 0 }: At) =>
    scene.must({
      kind: "attach",
      user_id,
      ...device(user_id, n),
      gateway,
      active: true,
      ...(socket && { socket }),
    });
  return { scene, user_id, attach };
}

const replaced = ({ items }: Scene): unknown[] => items.filter(({ kind }) => kind === "replaced");

test("[X6] a newer socket of a device at another gateway replaces the older one, whose gateway is told", async () => {
  const { scene, user_id, attach } = await people();
  const { device_id } = device(user_id, 0);
  await attach({ gateway: "a", socket: { serial: 7, since: EARLY } });
  await attach({ gateway: "b", socket: { serial: 3, since: LATE } });
  expect(replaced(scene)).toEqual([{ kind: "replaced", user_id, device_id, serial: 7 }]);
});

test("[X6] other devices, polls and the gateway that knows both are left alone", async () => {
  const { scene, attach } = await people();
  await attach({ gateway: "a", socket: { serial: 7, since: EARLY } });
  await attach({ gateway: "a", socket: { serial: 8, since: LATE } });
  await attach({ gateway: "b", socket: { serial: 1, since: LATE }, n: 1 });
  await attach({ gateway: "b" });
  expect(replaced(scene)).toEqual([]);
  // The poll at that gateway is no socket.
  await attach({ gateway: "a", socket: { serial: 9, since: LATE } });
  expect(replaced(scene)).toEqual([]);
});

test("[X6] a poll beside it does not hide a socket", async () => {
  const { scene, attach } = await people();
  await attach({ gateway: "a", socket: { serial: 7, since: EARLY } });
  await attach({ gateway: "a" });
  await attach({ gateway: "b", socket: { serial: 3, since: LATE } });
  expect(replaced(scene)).toMatchObject([{ serial: 7 }]);
});

test("[X6] what is attached late takes nothing from the socket that came after it", async () => {
  const { scene, attach } = await people();
  await attach({ gateway: "a", socket: { serial: 7, since: LATE } });
  await attach({ gateway: "b", socket: { serial: 3, since: EARLY } });
  expect(replaced(scene)).toEqual([]);
});

test("[X6] one that is refused takes nobody's place", async () => {
  const { scene, user_id, attach } = await people();
  await attach({ gateway: "a", socket: { serial: 7, since: EARLY } });
  scene.profiles.get(user_id)!.deleted = true;
  await scene.must({ kind: "account", user_id, changed: "profile" });
  const again = { ...device(user_id, 0), gateway: "b", active: true };
  const socket = { serial: 3, since: LATE };
  expect(await scene.ask({ kind: "attach", user_id, ...again, socket })).toMatchObject({
    ok: false,
  });
  expect(replaced(scene)).toEqual([]);
});

test("[X6] a home that has forgotten knows the sockets again when their gateways have named them", async () => {
  const { scene, user_id, attach } = await people();
  await scene.restart();
  const { gateway: _gateway, ...session } = device(user_id, 0);
  const socket = { serial: 7, since: EARLY };
  const sessions = [{ ...session, active: true, socket }];
  await scene.must({ kind: "exchange", user_id, gateway: "a", sessions });
  await attach({ gateway: "b", socket: { serial: 3, since: LATE } });
  expect(replaced(scene)).toMatchObject([{ serial: 7 }]);
});
