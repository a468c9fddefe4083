/**
 * What is acknowledged about accounts survives a kill as well: sign-ups, profiles, tokens, blocks, contacts, groups.
 * Each actor does one thing again and again, and knows after a crash what has to be so.
 */
import { afterAll, expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import { call, codeOf, succeed } from "../rig/http.testing.ts";
import type { Answer, Call } from "../rig/http.testing.ts";
import { createGroup, freshUsername, logIn, PASSWORD, signUp } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { countOf, createRandom, newClientId, seedOf } from "../rig/random.testing.ts";
import { endRig, startServer, temporary } from "../rig/server.ts";
import { within } from "../rig/until.ts";

afterAll(endRig);

/** A sixth of those of the messages: there is less to go wrong. */
const CYCLES = Math.ceil(countOf("DAMSO_CRASH_CYCLES", 50) / 6);
const HOUR = 3_600_000;

type Actor = {
  /** One thing; rejects when the server is gone. */
  step(origin: string): Promise<void>;
  /** What is not as it has to be. */
  faults(origin: string): Promise<string[]>;
};

/** The answer, or a rejection when the code is none that a dying server may give. */
async function ask(origin: string, method: string, path: string, options: Call): Promise<Answer> {
  const answer = await call(origin, method, path, options);
  const code = codeOf(answer);
  if (code === "unavailable" || code === "busy") throw new Error("the server is going");
  return answer;
}

/** Usernames that were given out stay with who got them. */
function joiner(): Actor {
  const users = new Map<string, string>();
  let username = freshUsername("joiner");
  return {
    async step(origin) {
      const body = { username, password: PASSWORD, name: "Joiner" };
      const answer = await ask(origin, "POST", "/v1/signup", { body });
      // Taken: an earlier try has worked, and its answer was lost.
      if (answer.status === 201) users.set(username, (answer.body as Session).user_id);
      else expect(codeOf(answer)).toBe("username_taken");
      username = freshUsername("joiner");
    },
    async faults(origin) {
      const [last] = [...users].slice(-1);
      if (!last) return [];
      const [name, user_id] = last;
      const { status, body } = await call(origin, "POST", "/v1/login", {
        body: { username: name, password: PASSWORD },
      });
      const same = status === 200 && (body as Session).user_id === user_id;
      return same ? [] : [`[X1] ${name} signed up and cannot log in: ${status}`];
    },
  };
}

/** A number that is counted up: at least what was acknowledged, at most what was asked for. */
function profile(user: Session): Actor {
  let asked = 0;
  let acknowledged = 0;
  const token = user.access_token;
  return {
    async step(origin) {
      const body = { about: String(++asked) };
      await ask(origin, "PATCH", "/v1/me", { token, body });
      acknowledged = asked;
    },
    async faults(origin) {
      const me = await succeed<{ about?: string }>(origin, "GET", "/v1/me", { token });
      const about = Number(me.about ?? 0);
      return about >= acknowledged && about <= asked
        ? []
        : [`[S2] the profile says ${about}, ${acknowledged} was acknowledged, ${asked} asked`];
    },
  };
}

/** A chain of refresh tokens: an answer that was lost is asked for again and logs nobody out. */
function refresher(user: Session): Actor {
  let { refresh_token } = user;
  const lost: string[] = [];
  return {
    async step(origin) {
      const answer = await ask(origin, "POST", "/v1/refresh", { body: { refresh_token } });
      if (answer.status === 200) refresh_token = (answer.body as Session).refresh_token;
      else lost.push(`[X4] a token that was not used up was refused: ${codeOf(answer)}`);
    },
    faults: async () => lost,
  };
}

/** Blocks and lifts, in turn: list and channel agree with each other and with the last answer. */
function blocker(user: Session, other: Session): Actor {
  let wanted = false;
  let settled = true;
  return {
    async step(origin) {
      wanted = !wanted;
      settled = false;
      const path = `/v1/blocks/${other.user_id}`;
      const answer = await ask(origin, wanted ? "PUT" : "DELETE", path, {
        token: user.access_token,
      });
      expect(answer.status).toBe(204);
      settled = true;
    },
    async faults(origin) {
      type List = { blocks: { user_id: string }[] };
      const list = await succeed<List>(origin, "GET", "/v1/blocks", { token: user.access_token });
      const listed = list.blocks.some(({ user_id }) => user_id === other.user_id);
      const path = `/v1/channels/${directChannel(user.user_id, other.user_id)}/messages`;
      const body = { client_id: newClientId(), body: "may I?" };
      const sent = await call(origin, "POST", path, { token: other.access_token, body });
      const blocked = codeOf(sent) === "blocked";
      const faults: string[] = [];
      if (settled && blocked !== wanted) faults.push(`[X10] blocked is ${blocked}, not ${wanted}`);
      if (settled && listed !== wanted) faults.push(`[X10] listed is ${listed}, not ${wanted}`);
      // Undecided: asked again, it is what was asked for.
      await succeed(origin, wanted ? "PUT" : "DELETE", `/v1/blocks/${other.user_id}`, {
        token: user.access_token,
      }).catch((error: unknown) => faults.push(`[X10] ${String(error)}`));
      settled = true;
      return faults;
    },
  };
}

/** Devices that were logged out stay out. */
function leaver(user: Session): Actor {
  const gone: Session[] = [];
  return {
    async step(origin) {
      const device = await logIn(origin, user);
      await ask(origin, "DELETE", `/v1/devices/${device.device_id}`, { token: user.access_token });
      gone.push(device);
    },
    async faults(origin) {
      const faults: string[] = [];
      for (const { refresh_token, access_token } of gone.slice(-3)) {
        const body = { refresh_token };
        const codes = [
          codeOf(await call(origin, "GET", "/v1/me", { token: access_token })),
          codeOf(await call(origin, "POST", "/v1/refresh", { body })),
        ];
        if (codes.some((code) => code !== "unauthenticated")) faults.push(`[I17] ${codes.join()}`);
      }
      return faults;
    },
  };
}

/** Groups that are asked for until they are there: one for each client id, and the same one again. */
function founder(user: Session): Actor {
  const groups = new Map<string, string>();
  let client_id = newClientId();
  return {
    async step(origin) {
      groups.set(client_id, await createGroup(origin, [user], { client_id, name: client_id }));
      client_id = newClientId();
    },
    async faults(origin) {
      const [last] = [...groups].slice(-1);
      if (!last) return [];
      const again = await createGroup(origin, [user], {
        client_id: last[0] as typeof client_id,
        name: "again",
      });
      return again === last[1] ? [] : [`[D3] ${last[0]} made ${last[1]}, then ${again}`];
    },
  };
}

test(
  "[S2][X4][X10][I4][I17] what was acknowledged about accounts survives kills under load",
  async () => {
    const seed = seedOf("DAMSO_CRASH_SEED");
    const random = createRandom(seed);
    const data = temporary("accounts");
    const first = await startServer({ data });
    const users: Session[] = [];
    for (let at = 0; at < 6; at++) users.push(await signUp(first.origin, "keeper"));
    const [ann, ben, cho, dan, eun, fay] = users as [
      Session,
      Session,
      Session,
      Session,
      Session,
      Session,
    ];
    const channel = directChannel(cho.user_id, dan.user_id);
    const hello = { client_id: newClientId(), body: "hello" };
    await succeed(first.origin, "POST", `/v1/channels/${channel}/messages`, {
      token: dan.access_token,
      body: hello,
    });
    await first.stop();
    const actors = [
      joiner(),
      profile(ann),
      refresher(ben),
      blocker(cho, dan),
      leaver(eun),
      founder(fay),
    ];

    let steps = 0;
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      const server = await startServer({ data });
      const found = await Promise.all(actors.map((actor) => actor.faults(server.origin))).catch(
        (error: unknown) => {
          throw new Error(`seed ${seed}, cycle ${cycle}: ${String(error)}\n${server.output()}`);
        },
      );
      expect({ seed, cycle, faults: found.flat() }).toEqual({ seed, cycle, faults: [] });
      let isOver = false;
      const early: unknown[] = [];
      const lanes = actors.map(async (actor) => {
        try {
          for (; ; steps++) await actor.step(server.origin);
        } catch (error) {
          if (!isOver) early.push(error);
        }
      });
      await Bun.sleep(random.int(150, 700));
      isOver = true;
      expect((await server.kill()).signal).toBe("SIGKILL");
      await within(Promise.all(lanes), 10_000, () => "the actors to notice");
      expect(early).toEqual([]);
    }
    expect(steps).toBeGreaterThan(CYCLES * actors.length);
  },
  HOUR,
);
