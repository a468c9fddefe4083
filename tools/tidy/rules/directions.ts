/** Who may import whom. The first line that fits a file decides. Tests may reach everywhere. */
import { importsOf, resolve } from "../imports.ts";
import type { Finding, Project } from "../project.ts";
import { isScript } from "../project.ts";

type Direction = {
  files: RegExp;
  may: RegExp;
  /** Imported as types only, which leaves nothing in the running program. */
  types?: RegExp;
  instead: string;
};

const directions: readonly Direction[] = [
  {
    files: /^protocol\//,
    may: /^protocol\//,
    instead: "protocol/ imports nothing of ours; move what both need into protocol/",
  },
  {
    files: /^core\//,
    may: /^(core|protocol)\//,
    instead: "core/ imports protocol/ only; let the caller pass it in through a port",
  },
  {
    files: /^contracts\//,
    may: /^(contracts|core|protocol)\//,
    instead: "a contract knows ports, not adapters; take what opens the adapter as an argument",
  },
  {
    files: /^adapters\//,
    may: /^(adapters|protocol|core\/ports)\/|^core\/(tables|result)\.ts$/,
    types: /^core\//,
    instead: "an adapter knows core/ports and the tables; the decision belongs in core/",
  },
  {
    files: /^server\/wire(\.ts$|\/)/,
    may: /^(server|core|protocol|adapters)\//,
    instead: "server/wire.ts puts core/ and adapters/ together and needs nothing else",
  },
  {
    files: /^server\//,
    may: /^(server|core|protocol)\/|^web\/build\.ts$/,
    instead: "only server/wire.ts names adapters; take the port as an argument",
  },
  {
    files: /^sdk\//,
    may: /^(sdk|protocol)\//,
    instead: "sdk/ imports protocol/ only",
  },
  {
    files: /^web\/view\//,
    may: /^web\/(view|model)\//,
    types: /^(sdk|protocol)\//,
    instead: "the view asks web/model, which asks the SDK",
  },
  {
    files: /^web\/model\//,
    may: /^(web\/model|sdk|protocol)\//,
    instead: "the model knows no view; return data or a signal that the view reads",
  },
  {
    files: /^web\/worker\//,
    may: /^(web\/(worker|model)|sdk|protocol)\//,
    instead: "a worker knows the model and the SDK",
  },
  {
    files: /^simulator\//,
    may: /^(simulator|core|protocol|sdk|server|contracts|adapters\/inprocess|tools\/history)\//,
    instead: "a simulated run touches nothing real; model the engine in simulator/models",
  },
  {
    files: /^examples\//,
    may: /^(examples|sdk|protocol)\//,
    instead: "an example shows what somebody outside can do: the SDK and the wire types",
  },
];

export function findDirections(project: Project): Finding[] {
  return project.sources.flatMap((source) => {
    const direction = directions.find(({ files }) => files.test(source.path));
    if (!direction || !isScript(source.path) || isOutside(source.path)) return [];
    return importsOf(source).flatMap(({ specifier, typesOnly, line }) => {
      const target = resolve(specifier, source.path);
      if (target === undefined || direction.may.test(target)) return [];
      if (typesOnly && direction.types?.test(target)) return [];
      return [{ path: source.path, line, rule: "directions", message: direction.instead }];
    });
  });
}

function isOutside(path: string): boolean {
  return /\.(test|testing)\.tsx?$|(^|\/)testing\//.test(path);
}
