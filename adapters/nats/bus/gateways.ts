/** Items for gateways: what is said to one gateway in one turn goes there together. */
import type { Bus, GatewayId, GatewayItem } from "@damso/core/ports/bus";
import type { BusParts, Deliver, NatsBus } from "../bus.ts";
import { encodeText } from "../payload.ts";
import { tokenOf } from "../token.ts";
import { decodeItems } from "./decode.ts";
import { listen } from "./listen.ts";

/** Of one message. A larger item goes alone. */
const MESSAGE_UNITS_MAX = 128 * 1024;
/** Of what one turn may pile up before it is sent. */
const PILE_UNITS_MAX = 4 * 1024 * 1024;

type Gateways = BusParts & {
  own: Map<GatewayId, Deliver>;
  /** As text: their owner may change them. */
  pile: Map<GatewayId, string[]>;
  pile_units: number;
};

export function createGateways(
  parts: BusParts,
): Pick<Bus, "send"> & Pick<NatsBus, "attachGateway"> {
  const gateways: Gateways = { ...parts, own: new Map(), pile: new Map(), pile_units: 0 };
  return {
    send: (id, items) => send(gateways, id, items),
    attachGateway: (id, deliver) => attach(gateways, id, deliver),
  };
}

const subjectOf = ({ prefix }: BusParts, id: GatewayId): string =>
  `${prefix}.gateway.${tokenOf(id)}`;

function send(gateways: Gateways, id: GatewayId, items: readonly GatewayItem[]): void {
  const deliver = gateways.own.get(id);
  if (deliver) return deliver(items);
  const { pile } = gateways;
  if (pile.size === 0) queueMicrotask(() => flush(gateways));
  const texts = pile.get(id) ?? [];
  pile.set(id, texts);
  for (const item of items) {
    const text = JSON.stringify(item);
    texts.push(text);
    gateways.pile_units += text.length;
  }
  if (gateways.pile_units > PILE_UNITS_MAX) flush(gateways);
}

function flush(gateways: Gateways): void {
  const { pile } = gateways;
  gateways.pile = new Map();
  gateways.pile_units = 0;
  for (const [id, texts] of pile) {
    for (const part of partsOf(texts)) publish(gateways, id, part);
  }
}

function* partsOf(texts: readonly string[]): Generator<string[]> {
  let part: string[] = [];
  let units = 0;
  for (const text of texts) {
    if (part.length > 0 && units + text.length > MESSAGE_UNITS_MAX) {
      yield part;
      part = [];
      units = 0;
    }
    part.push(text);
    units += text.length;
  }
  if (part.length > 0) yield part;
}

function publish(gateways: Gateways, id: GatewayId, part: readonly string[]): void {
  const payload = encodeText(`[${part.join(",")}]`);
  const sent = gateways.outbound.publish(subjectOf(gateways, id), payload);
  if (sent === "large") gateways.drops.large++;
  if (sent !== "sent") gateways.drops.lost_items += part.length;
}

function attach(gateways: Gateways, id: GatewayId, deliver: Deliver): () => void {
  const { own, drops } = gateways;
  own.set(id, deliver);
  const stop = listen(gateways, subjectOf(gateways, id), ({ data }) => {
    const { items, malformed } = decodeItems(data);
    drops.malformed += malformed;
    if (items.length > 0) deliver(items);
  });
  return () => {
    if (own.get(id) === deliver) own.delete(id);
    stop();
  };
}
