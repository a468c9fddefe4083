/** Two people for somebody who only wants to look: real accounts with random usernames and friendly names. */
import { demoUsername } from "@damso/protocol/demo";
import type { LogIn, Session, UserId } from "@damso/sdk";
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";

export type Side = "left" | "right";
export type DemoPerson = {
  session: Session;
  name: string;
  peer: { user_id: UserId; name: string };
};

export type SignUp = (account: LogIn & { name: string }) => Promise<Session>;

const key = (side: Side): string => `damso.demo.${side}`;

export function demoPerson(keep: Keep, side: Side): DemoPerson | undefined {
  return getJson<DemoPerson>(keep, key(side));
}

export function keepDemoPerson(keep: Keep, side: Side, person: DemoPerson): void {
  keep.set(key(side), JSON.stringify(person));
}

export function forgetDemo(keep: Keep): void {
  keep.remove(key("left"));
  keep.remove(key("right"));
}

/** Signs both up unless they are here already. `random` gives 16 or more hex digits that nobody can guess. */
export async function inviteTwo(
  keep: Keep,
  signUp: SignUp,
  server: string,
  names: readonly [string, string],
  random: () => string,
): Promise<readonly [string, string]> {
  const known = [demoPerson(keep, "left"), demoPerson(keep, "right")] as const;
  if (known[0] && known[1]) return [known[0].name, known[1].name];
  const enter = (name: string): Promise<Session> =>
    signUp({ server, name, username: demoUsername(random()), password: random() });
  const [left, right] = await Promise.all([enter(names[0]), enter(names[1])]);
  const person = (
    session: Session,
    name: string,
    other: Session,
    otherName: string,
  ): DemoPerson => ({
    session,
    name,
    peer: { user_id: other.user_id, name: otherName },
  });
  keepDemoPerson(keep, "left", person(left, names[0], right, names[1]));
  keepDemoPerson(keep, "right", person(right, names[1], left, names[0]));
  return names;
}
