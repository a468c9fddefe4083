/** Reads the generators that the language-neutral vectors in `spec/vectors` are written with. */
export type Text =
  | string
  | { repeat: [text: string, times: number] }
  | { utf16: string[] }
  | { join: Text[] };
export type Built = Text | { repeat_item: [item: unknown, times: number] };

export function buildText(text: Text): string {
  if (typeof text === "string") return text;
  if ("repeat" in text) return text.repeat[0].repeat(text.repeat[1]);
  if ("join" in text) return text.join.map(buildText).join("");
  return String.fromCharCode(...text.utf16.map((unit) => Number.parseInt(unit, 16)));
}

export function build(built: Built): unknown {
  if (typeof built === "object" && "repeat_item" in built) {
    return Array.from({ length: built.repeat_item[1] }, () => built.repeat_item[0]);
  }
  return buildText(built);
}

export type TextVectors = {
  max: number;
  cases: {
    name: string;
    text: Text;
    code_points: number | null;
    bytes: number | null;
    fault: string | null;
  }[];
};

type Sent = { name: string; frame?: object; text?: Text; with?: Record<string, Built> };
export type FrameVectors = {
  valid: (Sent & { parsed?: object })[];
  invalid: (Sent & { code: string; id?: number })[];
};

/** The frame as an object, its built fields included; undefined for a raw text. */
export function sentObject(sent: Sent): object | undefined {
  const built = Object.entries(sent.with ?? {}).map(([name, value]) => [name, build(value)]);
  return sent.frame && { ...sent.frame, ...Object.fromEntries(built) };
}

/** The text frame as it stands on the wire. */
export function sentText(sent: Sent): string {
  return sent.text === undefined ? JSON.stringify(sentObject(sent)) : buildText(sent.text);
}
