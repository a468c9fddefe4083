/** What every discovery keeps. Run by the adapters beside their source. */
import { afterEach, describe, expect, test } from "bun:test";
import type { Discovery, NodeRecord } from "@damso/core/ports/discovery";
import { rejection } from "./rejection.ts";

export type DiscoveryUnderTest = { discovery: Discovery; close(): Promise<void> };

const record = (node_id: string, connections = 0): NodeRecord => ({
  node_id,
  roles: ["gateway", "api"],
  url: `http://${node_id}.example:8080`,
  region: "eu",
  zone: "a",
  capacity: 1000,
  connections,
  draining: false,
});

export function discoveryContract(name: string, open: () => Promise<DiscoveryUnderTest>): void {
  describe(`the discovery contract: ${name}`, () => {
    let under: DiscoveryUnderTest | undefined;
    const opened = async (): Promise<Discovery> => (under = await open()).discovery;
    afterEach(async () => {
      await under?.close();
      under = undefined;
    });

    const byId = async (discovery: Discovery): Promise<NodeRecord[]> =>
      (await discovery.list()).sort((a, b) => (a.node_id < b.node_id ? -1 : 1));

    test("what registered is listed, with all it said", async () => {
      const discovery = await opened();
      await discovery.register(record("n1"));
      const { url: _url, ...without_url } = record("n2");
      await discovery.register(without_url);
      expect(await byId(discovery)).toEqual([record("n1"), without_url]);
    });

    test("registering again replaces the record", async () => {
      const discovery = await opened();
      await discovery.register(record("n1", 1));
      await discovery.register({ ...record("n1", 2), draining: true });
      expect(await discovery.list()).toEqual([{ ...record("n1", 2), draining: true }]);
    });

    test("what withdrew is not listed, and withdrawing twice is no error", async () => {
      const discovery = await opened();
      await discovery.register(record("n1"));
      await discovery.register(record("n2"));
      await discovery.withdraw("n1");
      await discovery.withdraw("n1");
      expect(await discovery.list()).toEqual([record("n2")]);
    });

    test("records are copies: neither side changes the other's", async () => {
      const discovery = await opened();
      const mine = record("n1");
      await discovery.register(mine);
      mine.connections = 5;
      const [listed] = await discovery.list();
      if (listed) listed.draining = true;
      expect(await discovery.list()).toEqual([record("n1")]);
    });

    test("[S17] a lease is its first taker's, who renews it, until it is released", async () => {
      const discovery = await opened();
      expect(await discovery.lease(3, "n1", 2000)).toBe(true);
      expect(await discovery.lease(3, "n2", 2000)).toBe(false);
      expect(await discovery.lease(3, "n1", 2000)).toBe(true);
      expect(await discovery.lease(4, "n2", 2000)).toBe(true);
      const owners = await discovery.owners();
      expect([...owners].sort(([a], [b]) => a - b)).toEqual([
        [3, "n1"],
        [4, "n2"],
      ]);
      await discovery.release(3, "n1");
      expect(await discovery.owners()).toEqual(new Map([[4, "n2"]]));
      expect(await discovery.lease(3, "n2", 2000)).toBe(true);
    });

    test("[S17] a lease that is somebody else's is not released", async () => {
      const discovery = await opened();
      await discovery.lease(3, "n1", 2000);
      await discovery.release(3, "n2");
      await discovery.release(4, "n2");
      expect(await discovery.owners()).toEqual(new Map([[3, "n1"]]));
    });

    test("[S17] what is said of leases is a copy", async () => {
      const discovery = await opened();
      await discovery.lease(3, "n1", 2000);
      (await discovery.owners()).clear();
      expect(await discovery.lease(3, "n2", 2000)).toBe(false);
    });

    test("an aborted signal rejects and changes nothing", async () => {
      const discovery = await opened();
      const signal = AbortSignal.abort(new Error("enough"));
      expect(await rejection(discovery.register(record("n1"), signal))).toBe(signal.reason);
      expect(await rejection(discovery.list(signal))).toBe(signal.reason);
      expect(await discovery.list()).toEqual([]);
    });
  });
}

/** For a discovery whose time can be moved: leases that nobody renews end. */
export function leaseExpiryContract(
  name: string,
  open: () => Promise<DiscoveryUnderTest & { elapse(ms: number): Promise<void> }>,
): void {
  describe(`the discovery contract over time: ${name}`, () => {
    test("[S17] a lease that is not renewed in its time is free", async () => {
      const { discovery, elapse, close } = await open();
      await discovery.lease(3, "n1", 2000);
      await elapse(1500);
      expect(await discovery.lease(3, "n1", 2000)).toBe(true);
      await elapse(1500);
      expect(await discovery.lease(3, "n2", 2000)).toBe(false);
      await elapse(1000);
      expect(await discovery.owners()).toEqual(new Map());
      expect(await discovery.lease(3, "n2", 2000)).toBe(true);
      expect(await discovery.lease(3, "n1", 2000)).toBe(false);
      await close();
    });
  });
}
