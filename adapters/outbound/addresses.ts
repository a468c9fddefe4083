/**
 * Which addresses belong to somebody out there. A stranger who may name an address to be called could otherwise reach
 * what only this machine or its network should: IANA's special-purpose registries for IPv4 and IPv6. Rule N4.
 */
import { isIPv4, isIPv6 } from "node:net";

/** Blocks that are not public, as first address and length of the prefix. */
const SPECIAL_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Of what IPv6 has given out at all, `2000::/3`. */
const SPECIAL_V6: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

/** What carries an IPv4 address in its last 32 bits: mapped, and translated by NAT64. */
const CARRIERS: readonly (readonly [string, number])[] = [
  ["::ffff:0:0", 96],
  ["64:ff9b::", 96],
];

/** False for everything that is not the text of a public unicast address, zones and odd spellings included. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return isPublicV4(numberOfV4(address));
  if (!isIPv6(address) || address.includes("%")) return false;
  const value = numberOfV6(address);
  if (CARRIERS.some((block) => isWithin(value, block, 128, numberOfV6)))
    return isPublicV4(value & 0xffff_ffffn);
  if (!isWithin(value, ["2000::", 3], 128, numberOfV6)) return false;
  return !SPECIAL_V6.some((block) => isWithin(value, block, 128, numberOfV6));
}

function isPublicV4(value: bigint): boolean {
  return !SPECIAL_V4.some((block) => isWithin(value, block, 32, numberOfV4));
}

function isWithin(
  value: bigint,
  [first, prefix]: readonly [string, number],
  bits: number,
  numberOf: (text: string) => bigint,
): boolean {
  const rest = BigInt(bits - prefix);
  return value >> rest === numberOf(first) >> rest;
}

function numberOfV4(text: string): bigint {
  return text.split(".").reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function numberOfV6(text: string): bigint {
  const [head = "", tail] = withoutDots(text).split("::");
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const middle = Array.from({ length: 8 - front.length - back.length }, () => 0n);
  return [...front, ...middle, ...back].reduce((value, group) => (value << 16n) | group, 0n);
}

const groups = (text: string): bigint[] =>
  text === "" ? [] : text.split(":").map((group) => BigInt(`0x${group}`));

/** `::ffff:1.2.3.4` with its last four numbers as two groups. */
function withoutDots(text: string): string {
  const dotted = /(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (dotted === undefined) return text;
  const value = numberOfV4(dotted);
  return `${text.slice(0, -dotted.length)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
