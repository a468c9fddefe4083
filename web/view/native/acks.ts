/**
 * What the app has while nobody looks at it is not acknowledged before somebody does: the server pushes to devices that
 * have not got a message, and a phone's notifications come from there alone. A page in a browser shows its own (N16).
 */
import type { Environment } from "@damso/sdk/environment";

type OpenSocket = Environment["openSocket"];
type Frame = { type?: unknown; active?: unknown };

/** The frames that say what a device has are short; nothing else is looked into. */
const CODE_UNITS_MAX = 1000;

export function keepingAcks(openSocket: OpenSocket): OpenSocket {
  return (url, protocol, listeners) => {
    const socket = openSocket(url, protocol, listeners);
    let active = true;
    let kept: string | undefined;
    return {
      ...socket,
      send: (text) => {
        const { type, active: said } = text.length < CODE_UNITS_MAX ? frameOf(text) : {};
        if (typeof said === "boolean") active = said;
        if (type === "ack" && !active) {
          kept = text;
          return;
        }
        if (active && kept !== undefined) socket.send(kept);
        if (active) kept = undefined;
        socket.send(text);
      },
    };
  };
}

/** The SDK writes them, so they are JSON. */
const frameOf = (text: string): Frame => JSON.parse(text) as Frame;
