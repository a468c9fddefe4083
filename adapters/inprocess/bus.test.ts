import { busContract } from "@damso/contracts/bus";
import { createBus } from "./bus.ts";

busContract("in one process", async () => {
  const bus = createBus();
  return {
    bus,
    serve: (handler) => void bus.serve(handler),
    attachGateway: (id, deliver) => void bus.attachGateway(id, deliver),
    close: async () => {},
  };
});
