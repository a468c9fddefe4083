/**
 * Which addresses belong to somebody out there. A stranger who may name an address to be called could otherwise reach
 * what only this machine or its network should: IANA's special-purpose registries for IPv4 and IPv6. Rule N4.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

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
const CARRIERS = ["::ffff:", "64:ff9b::"] as const;

const given = new BlockList();
const special = new BlockList();
given.addSubnet("2000::", 3, "ipv6");
for (const [first, prefix] of SPECIAL_V6) special.addSubnet(first, prefix, "ipv6");
for (const [first, prefix] of SPECIAL_V4) special.addSubnet(first, prefix, "ipv4");
for (const carrier of CARRIERS) {
  given.addSubnet(`${carrier}0.0.0.0`, 96, "ipv6");
  for (const [first, prefix] of SPECIAL_V4)
    special.addSubnet(`${carrier}${first}`, 96 + prefix, "ipv6");
}

/** False for everything that is not the text of a public unicast address, zones and odd spellings included. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  return given.check(address, "ipv6") && !special.check(address, "ipv6");
}
