/**
 * One device has one socket, wherever it is. A gateway closes the older of two of its own; of those at others it hears
 * from the home. Rule X6.
 */
import type { Attached, Home, SocketMark } from "../presence/home.ts";
import type { Result } from "../result.ts";
import type { CommandOf } from "./commands.ts";
import type { Shard } from "./context.ts";

type Older = { gateway: Attached["gateway"]; socket: SocketMark };

/** Tells the gateways of older sockets when the newer one is attached: one that is refused takes nobody's place. */
export async function replacing<T>(
  shard: Shard,
  command: CommandOf<"attach">,
  attaching: Promise<Result<T>>,
): Promise<Result<T>> {
  const answer = await attaching;
  const home = shard.memory.homes.get(command.user_id);
  if (!answer.ok || !home) return answer;
  const { user_id, device_id } = command;
  for (const { gateway, socket } of olderElsewhere(home, command))
    shard.bus.send(gateway, [{ kind: "replaced", user_id, device_id, serial: socket.serial }]);
  return answer;
}

/**
 * A poll takes the place of none, and none takes its. What was attached late may be older than what came before it, and
 * its client gone: the time of its hello says so. That is of two clocks, so in doubt both stay until one is silent.
 */
function olderElsewhere({ attached }: Home, command: CommandOf<"attach">): Older[] {
  const { device_id, gateway, socket } = command;
  return attached.flatMap((other) => {
    if (!socket || !other.socket || other.device_id !== device_id) return [];
    const isOlder = other.gateway !== gateway && other.socket.since <= socket.since;
    return isOlder ? [{ gateway: other.gateway, socket: other.socket }] : [];
  });
}
