/** Which servers a client is sent to: near first, then by free capacity. Pure: chance is an argument. */
import type { Random } from "@damso/core/ports/clock";
import type { NodeRecord } from "@damso/core/ports/discovery";

export type ServerChoice = { url: string; region: string };
type Candidate = NodeRecord & { url: string };

const CHOICES_MAX = 3;

/**
 * Up to three servers that take connections, best first. Each is the freer of two drawn by chance: always taking the
 * freest would send everybody who asks between two reports to the same one (power of two choices).
 */
export function chooseServers(
  nodes: readonly NodeRecord[],
  region: string | undefined,
  random: Random,
): ServerChoice[] {
  const open = nodes.filter(isOpen);
  const near = open.filter((node) => node.region === region);
  const far = open.filter((node) => node.region !== region);
  return [...byFreedom(near, random), ...byFreedom(far, random)]
    .slice(0, CHOICES_MAX)
    .map((node) => ({ url: node.url, region: node.region }));
}

function isOpen(node: NodeRecord): node is Candidate {
  return node.url !== undefined && !node.draining;
}

const free = (node: NodeRecord): number => node.capacity - node.connections;

/** Full ones last: they may have got room by the time they are tried. */
function byFreedom(nodes: readonly Candidate[], random: Random): Candidate[] {
  const roomy = nodes.filter((node) => free(node) > 0);
  const full = nodes.filter((node) => free(node) <= 0);
  return [...draw(roomy, random), ...draw(full, random)];
}

function draw(nodes: Candidate[], random: Random): Candidate[] {
  const drawn: Candidate[] = [];
  const left = [...nodes];
  while (left.length > 0 && drawn.length < CHOICES_MAX) {
    const first = index(left.length, random);
    const second = index(left.length, random);
    const freer = free(at(left, second)) > free(at(left, first)) ? second : first;
    drawn.push(...left.splice(freer, 1));
  }
  return drawn;
}

const index = (length: number, random: Random): number =>
  Math.min(length - 1, Math.floor(random.next() * length));

function at(nodes: readonly Candidate[], i: number): Candidate {
  return nodes[i] as Candidate;
}
