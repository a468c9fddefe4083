import { expect, test } from "bun:test";
import { isPublic } from "./addresses.ts";

const PUBLIC = [
  "1.1.1.1",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.1",
  "142.250.207.74",
  "172.15.255.255",
  "172.32.0.0",
  "192.167.255.255",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001:830::200a",
  "2001:200::1",
  "64:ff9b::1.1.1.1",
  "::ffff:8.8.8.8",
];

const SPECIAL = [
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "192.88.99.1",
  "192.168.1.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.7",
  "203.0.113.9",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:10.1.2.3",
  "::127.0.0.1",
  "64:ff9b::10.0.0.1",
  "64:ff9b::a9fe:a9fe",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "3fff::1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
];

const NONE = [
  "",
  "localhost",
  "1.1.1",
  "0x7f.0.0.1",
  "2130706433",
  "017700000001",
  "1.1.1.1.1",
  "[::1]",
];

test("[N4] public addresses are public", () => {
  expect(PUBLIC.filter((address) => !isPublic(address))).toEqual([]);
});

test("[N4] private, local, shared, mapped, translated, documented and reserved ones are not", () => {
  expect(SPECIAL.filter((address) => isPublic(address))).toEqual([]);
});

test("[N4] what is no plain address is none", () => {
  expect(NONE.filter((address) => isPublic(address))).toEqual([]);
});
