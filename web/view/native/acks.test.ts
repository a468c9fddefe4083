import { expect, test } from "bun:test";
import type { Socket } from "@damso/sdk/environment";
import { keepingAcks } from "./acks.ts";

function open(): { socket: Socket; sent: string[] } {
  const sent: string[] = [];
  const openSocket = keepingAcks(() => ({ send: (text) => void sent.push(text), close: () => {} }));
  const socket = openSocket("wss://chat.example", "damso", {
    opened: () => {},
    message: () => {},
    closed: () => {},
  });
  return { socket, sent };
}

test("[N16][I14] a phone in the background does not say that it has a message, so that it is pushed to", () => {
  const { socket, sent } = open();
  const say = (frame: object): void => socket.send(JSON.stringify(frame));
  say({ type: "hello", active: true });
  say({ type: "ack", pos: 1 });
  say({ type: "ping", active: false });
  say({ type: "ack", pos: 2 });
  say({ type: "ack", pos: 3 });
  say({ type: "send", body: '{"type":"ack"}' });
  say({ type: "ping", active: true });
  say({ type: "ack", pos: 4 });
  expect(sent.map((text) => JSON.parse(text))).toEqual([
    { type: "hello", active: true },
    { type: "ack", pos: 1 },
    { type: "ping", active: false },
    { type: "send", body: '{"type":"ack"}' },
    { type: "ack", pos: 3 },
    { type: "ping", active: true },
    { type: "ack", pos: 4 },
  ]);
});

test("[N16] one that comes back in the background keeps to itself what it gets there, too", () => {
  const { socket, sent } = open();
  socket.send(JSON.stringify({ type: "hello", active: false, feed: { id: "f", pos: 7 } }));
  socket.send(JSON.stringify({ type: "ack", pos: 8 }));
  expect(sent).toHaveLength(1);
  socket.send(`{"type":"send","body":"${"x".repeat(2000)}"}`);
  expect(sent).toHaveLength(2);
});
