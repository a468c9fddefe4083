import { expect, test } from "bun:test";
import { createTickets } from "./tickets.ts";

const signing = new Uint8Array(32).fill(7);
const clock = { at: 1_000_000, now: () => clock.at };
const tickets = createTickets({ signing }, clock);

test("[X14] a ticket says what was signed, until it expires", () => {
  clock.at = 1_000_000;
  const ticket = tickets.sign("invite", ["g1", "u2"], 1_060_000);
  expect(ticket).toMatch(/^g1\.u2\.\w+\.[\w-]{22}$/);
  expect(tickets.read("invite", ticket)).toEqual(["g1", "u2"]);
  clock.at = 1_060_000;
  expect(tickets.read("invite", ticket)).toBeUndefined();
});

test("[X14] what was changed, cut, or signed with another key is no ticket", () => {
  clock.at = 1_000_000;
  const ticket = tickets.sign("invite", ["g1", "u2"], 1_060_000);
  const other = createTickets({ signing: new Uint8Array(32) }, clock);
  const forged = [ticket.replace("g1", "g2"), ticket.slice(0, -1), `${ticket}A`, "", ".", "a.b.c"];
  for (const each of [...forged, other.sign("invite", ["g1", "u2"], 1_060_000)]) {
    expect(tickets.read("invite", each)).toBeUndefined();
  }
});
