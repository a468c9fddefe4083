/** Users, contacts, blocks, devices and groups: the HTTP calls, typed. */
import type { Channel, ClientId, Device, Listed, Me, Profile } from "@damso/protocol";
import { uuidV7 } from "@damso/protocol/ids";
import type { Groups, People } from "../api.ts";
import { putNewest } from "@damso/protocol/bounded";
import type { Environment } from "../environment.ts";
import type { DamsoError } from "../errors.ts";
import type { Http } from "../transport/http.ts";

export function people(http: Http): People {
  return {
    users: {
      get: (user_id) => http<Profile>("GET", `/v1/users/${user_id}`),
      find: (username) =>
        http<Profile>("GET", `/v1/users?username=${encodeURIComponent(username)}`).catch(
          (error: DamsoError) => {
            if (error.code === "not_found") return undefined;
            throw error;
          },
        ),
    },
    contacts: relation(http, "contacts"),
    blocks: relation(http, "blocks"),
    devices: {
      list: async () => (await http<{ devices: Device[] }>("GET", "/v1/devices")).devices,
      remove: (device_id) => http("DELETE", `/v1/devices/${device_id}`),
    },
    me: {
      get: () => http<Me>("GET", "/v1/me"),
      update: (patch) => http<Me>("PATCH", "/v1/me", patch),
      delete: (password) => http("DELETE", "/v1/me", { password }),
    },
  };
}

/** Contacts and blocks are lists of users with the same calls. */
function relation<K extends "contacts" | "blocks">(http: Http, name: K): People[K] {
  return {
    list: async () => (await http<Record<K, Listed[]>>("GET", `/v1/${name}`))[name],
    add: (user_id) => http("PUT", `/v1/${name}/${user_id}`),
    remove: (user_id) => http("DELETE", `/v1/${name}/${user_id}`),
  };
}

const UNANSWERED_MAX = 100;

type Random = Pick<Environment, "now" | "randomBytes">;

/** `seen` gets every summary that a call answers with. */
export function groups(http: Http, random: Random, seen: (channel: Channel) => void): Groups {
  const member = (channel: string, user_id: string): string =>
    `/v1/channels/${channel}/members/${user_id}`;
  /** Creations without an answer: the same again must not make a second group (rule D3). */
  const unanswered = new Map<string, ClientId>();
  return {
    createGroup: async (group) => {
      const key = JSON.stringify(group);
      const client_id = unanswered.get(key) ?? uuidV7(random.now(), random.randomBytes(10));
      putNewest(unanswered, key, client_id, UNANSWERED_MAX);
      const made = await http<Channel>("POST", "/v1/channels", { client_id, ...group });
      unanswered.delete(key);
      seen(made);
      return made;
    },
    updateGroup: async (channel, patch) =>
      seen(await http<Channel>("PATCH", `/v1/channels/${channel}`, patch)),
    addMember: (channel, user_id, role) => http("PUT", member(channel, user_id), { role }),
    removeMember: (channel, user_id) => http("DELETE", member(channel, user_id)),
    leave: (channel) => http("POST", `/v1/channels/${channel}/leave`),
  };
}
