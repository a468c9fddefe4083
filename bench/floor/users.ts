import type { ServerWebSocket } from "bun";

/** A user, its only socket, and the frames that leave when the current commit has been told. */
export interface User {
  readonly id: string;
  pos: number;
  socket: ServerWebSocket<Attached> | undefined;
  readonly outgoing: string[];
}

/** What a socket carries: its user, once it said hello. */
export interface Attached {
  user: User | undefined;
}

const users = new Map<string, User>();
const waiting: User[] = [];

/** The user of this id, who exists from the first mention on. */
export function userOf(id: string): User {
  const known = users.get(id);
  if (known) return known;
  const user: User = { id, pos: 0, socket: undefined, outgoing: [] };
  users.set(id, user);
  return user;
}

/** Keeps a frame for the end of the commit; a user without a socket needs none. */
export function tell(user: User, frame: string): void {
  if (!user.socket) return;
  if (user.outgoing.length === 0) waiting.push(user);
  user.outgoing.push(frame);
}

/** Writes what was told: all frames of one socket in one system call. */
export function flushTold(): void {
  for (const { socket, outgoing } of waiting) {
    socket?.cork(() => {
      for (const frame of outgoing) socket.send(frame);
    });
    outgoing.length = 0;
  }
  waiting.length = 0;
}
