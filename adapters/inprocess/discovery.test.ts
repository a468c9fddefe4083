import { discoveryContract } from "@damso/contracts/discovery";
import { createDiscovery } from "./discovery.ts";

discoveryContract("in one process", async () => ({
  discovery: createDiscovery(),
  close: async () => {},
}));
