/** Collects what a commit will tell the gateways, grouped per gateway, to be sent when the commit is durable. Rule D16. */
import type { Bus, GatewayId, GatewayItem, Recipient } from "../ports/bus.ts";
import type { ChannelId } from "@damso/protocol/ids";
import type { Home } from "../presence/home.ts";

export type Outgoing = {
  /** Starts an event; recipients are added one by one, and the shared part is sent once to each of their gateways. */
  event(type: string, channel: ChannelId | undefined, shared: string): OpenEvent;
  item(gateway: GatewayId, item: GatewayItem): void;
  /** Takes what was collected: a function that sends it. */
  take(): (() => void) | undefined;
};

export type OpenEvent = { to(home: Home, recipient: Recipient): void };

export function createOutgoing(bus: Pick<Bus, "send">): Outgoing {
  let collected = new Map<GatewayId, GatewayItem[]>();

  function item(gateway: GatewayId, one: GatewayItem): void {
    const items = collected.get(gateway);
    if (items) items.push(one);
    else collected.set(gateway, [one]);
  }

  function event(type: string, channel: ChannelId | undefined, shared: string): OpenEvent {
    const lists = new Map<GatewayId, Recipient[]>();
    return {
      to(home, recipient) {
        for (const gateway of home.gateways) {
          const list = lists.get(gateway);
          if (list) {
            list.push(recipient);
            continue;
          }
          const to = [recipient];
          lists.set(gateway, to);
          item(gateway, {
            kind: "event",
            type,
            shared,
            to,
            ...(channel !== undefined && { channel }),
          });
        }
      },
    };
  }

  return {
    event,
    item,
    take() {
      if (collected.size === 0) return undefined;
      const batch = collected;
      collected = new Map();
      return () => {
        for (const [gateway, items] of batch) bus.send(gateway, items);
      };
    },
  };
}
