/** One file of the project, with the views of its text that the rules read. Lines count from 1. */
export type Source = {
  /** From the repository root, with forward slashes. */
  path: string;
  text: string;
  /** The text with comments blanked: same length, same lines. Equal to `text` when it is not code. */
  bare: string;
  /** The text with comments and the insides of strings blanked. */
  code: string;
};

const isCode = /\.(ts|tsx|mjs)$/;

export function toSource(path: string, text: string): Source {
  if (!isCode.test(path)) return { path, text, bare: text, code: text };
  const spans = scan(text);
  const comments = spans.filter((span) => span.kind === "comment");
  return { path, text, bare: blank(text, comments), code: blank(text, spans) };
}

/** The line that a position in the text stands on. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
}

type Span = { kind: "comment" | "string"; start: number; end: number };

function blank(text: string, spans: readonly Span[]): string {
  let out = "";
  let at = 0;
  for (const { start, end } of spans) {
    out += text.slice(at, start) + text.slice(start, end).replace(/[^\n]/g, " ");
    at = end;
  }
  return out + text.slice(at);
}

/** What may follow a value, so that a slash after it divides; anywhere else it opens a pattern. */
const divides = /(?:[\w$)\]"'`<]|(?:\+\+|--))\s*$/;
const keyword = /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|await|yield)\s*$/;

const opener = /\/\/|\/\*|["'`/{}]/g;

/**
 * Finds comments, strings and patterns. A scanner, not a parser: it is right about everything that
 * the formatter lets stand, and it reads the whole tree in a fraction of a second.
 */
function scan(text: string): Span[] {
  const spans: Span[] = [];
  // One entry per open brace: true for the `${` of a template, whose `}` goes back to string text.
  const braces: boolean[] = [];
  let at = 0;

  const skip = (kind: Span["kind"], start: number, end: number, resume = end): void => {
    spans.push({ kind, start, end });
    at = resume;
  };
  const template = (start: number): void => {
    const { end, opens } = templateEnd(text, start);
    if (opens) braces.push(true);
    skip("string", start, end, end + (opens ? 2 : 1));
  };

  for (;;) {
    opener.lastIndex = at;
    const found = opener.exec(text);
    if (!found) return spans;
    const start = found.index;
    at = start + 1;
    if (found[0] === "//") skip("comment", start, lineEnd(text, start));
    else if (found[0] === "/*") skip("comment", start, after(text, "*/", start + 2));
    else if (found[0] === "`") template(start + 1);
    else if (found[0] === "{") braces.push(false);
    else if (found[0] === "}") {
      if (braces.pop() === true) template(start + 1);
    } else if (found[0] !== "/") {
      const end = quoteEnd(text, start);
      skip("string", start + 1, end, end + 1);
    } else if (opensPattern(text, start)) {
      const end = patternEnd(text, start);
      skip("string", start + 1, end, end + 1);
    }
  }
}

function opensPattern(text: string, slash: number): boolean {
  // `/>` closes a tag.
  if (text[slash + 1] === ">") return false;
  const before = text.slice(Math.max(0, slash - 40), slash);
  return keyword.test(before) || !divides.test(before);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

function quoteEnd(text: string, start: number): number {
  const stop = lineEnd(text, start);
  for (let at = start + 1; at < stop; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === text[start]) return at;
  }
  return stop;
}

/** The slash that ends a pattern: not an escaped one, not one inside a character class. */
function patternEnd(text: string, start: number): number {
  const stop = lineEnd(text, start);
  let inClass = false;
  for (let at = start + 1; at < stop; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "[") inClass = true;
    else if (text[at] === "]") inClass = false;
    else if (text[at] === "/" && !inClass) return at;
  }
  return stop;
}

function templateEnd(text: string, from: number): { end: number; opens: boolean } {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "`") return { end: at, opens: false };
    else if (text[at] === "$" && text[at + 1] === "{") return { end: at, opens: true };
  }
  return { end: text.length, opens: false };
}
