/** Accounts are made and devices signed in. */
import type { Grant, UserId } from "@damso/protocol";
import type { DeviceKind } from "../check/evidence.ts";
import type { Handle, House } from "../house.ts";
import { each, insist } from "../reader/http.ts";
import type { Account, Http } from "../reader/http.ts";
import { DEVICES, PARTS } from "./plan.ts";
import type { Plan } from "./plan.ts";
import type { Actor } from "./stage.ts";

/** Passwords are hashed at great cost: more at once would only queue up. */
const AT_ONCE = 4;

export type Doorstep = {
  server: string;
  http: Http;
  seed: number;
  plan: Plan;
  houses: readonly House[];
};

type Named = Account & { user_id: UserId; username: string; password: string };

export type Cast = { actors: Actor[]; quiet: Account[]; outsider: Account };

export async function enter(doorstep: Doorstep): Promise<Cast> {
  const { plan } = doorstep;
  const others = Array.from({ length: plan.quiet }, (_, i) => `Quiet ${i + 1}`);
  // Made anew each time, so that a running server can be visited again.
  const visit = Date.now().toString(36);
  const accounts = await each([...plan.names, ...others, "Outsider"], AT_ONCE, (name) =>
    signUp(doorstep, name, visit),
  );
  const people = accounts.slice(0, plan.names.length);
  const actors = await each(people, doorstep.houses.length, (person, i) =>
    signIn(doorstep, person, i),
  );
  const outsider = accounts.at(-1);
  if (outsider === undefined) throw new Error("nobody came");
  return { actors, quiet: accounts.slice(plan.names.length, -1), outsider };
}

async function signUp({ http, seed }: Doorstep, name: string, visit: string): Promise<Named> {
  const username = `${name.toLowerCase().replaceAll(" ", "-")}.${visit}`;
  const password = `correct horse ${seed} 안녕`;
  const account = { username, password, name };
  const grant = await insist(() => http<Grant>("POST", "/v1/signup", undefined, account), name);
  const { user_id, access_token: token = "" } = grant;
  return { name, user_id, token, username, password };
}

async function signIn(doorstep: Doorstep, person: Named, position: number): Promise<Actor> {
  const [phone, laptop, tablet] = [
    await signInOn(doorstep, person, position, DEVICES[0], "kept"),
    await signInOn(doorstep, person, position, DEVICES[1], "kept"),
    await signInOn(doorstep, person, position, DEVICES[2], tabletOf(position)),
  ];
  return { ...person, phone, laptop, tablet, signInAnew: newDevice(doorstep, person, position) };
}

/** The tablet that is logged out on the way. */
function tabletOf(position: number): DeviceKind {
  return position === PARTS.careful ? "ended" : "kept";
}

function newDevice(doorstep: Doorstep, person: Named, position: number): () => Promise<Handle> {
  return () => signInOn(doorstep, person, position, "new phone", "fresh");
}

async function signInOn(
  { server, seed, houses }: Doorstep,
  { name, username, password }: Named,
  position: number,
  device_name: string,
  kind: DeviceKind,
): Promise<Handle> {
  const house = houses[position % houses.length];
  if (house === undefined) throw new Error("there is no process for people");
  const entrance = { server, username, password, device_name, kind, seed };
  return house.logIn(`${name}'s ${device_name}`, entrance);
}
