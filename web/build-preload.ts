/** Parts that the first script imports at once are named in the document, so that none waits for another to be read. */

type Built = ReadonlyMap<string, Uint8Array<ArrayBuffer> | string>;

/** The document with a line for each of them. */
export function withPreloads(built: Built): string {
  const html = String(built.get("index.html"));
  const lines = importedBy(built, "app.js").map(
    (name) => `    <link rel="modulepreload" href="/${name}" />\n`,
  );
  return html.replace("  </head>", `${lines.join("")}  </head>`);
}

function importedBy(built: Built, first: string): string[] {
  const found = [first];
  for (const name of found) {
    const script = String(built.get(name));
    for (const [, part = ""] of script.matchAll(/(?:from|import)"\.\/([\w-]+\.js)"/g)) {
      if (!found.includes(part)) found.push(part);
    }
  }
  return found.slice(1);
}
