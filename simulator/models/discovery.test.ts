import { discoveryContract, leaseExpiryContract } from "@damso/contracts/discovery";
import { createDiscoveryService, reachDiscovery } from "./discovery.ts";
import { small } from "./engines.testing.ts";

async function open() {
  const world = small();
  const discovery = world.driven(reachDiscovery(world, createDiscoveryService(), world.host));
  return { discovery, elapse: world.elapse, close: async () => {} };
}

discoveryContract("the model", open);
leaseExpiryContract("the model", open);
