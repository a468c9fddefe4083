/**
 * When the Enter key sends, for people who write Hangul, kana, Chinese or Latin letters.
 * A Hangul syllable is still being composed when Enter is pressed, and Enter both ends it and sends. In Japanese and
 * Chinese the same key only confirms a candidate. Browsers tell the two in different orders: most send `keydown` first,
 * marked as composing (keyCode 229), then `compositionend`; Safari ends the composition first and marks the `keydown`
 * after it with 229; some send a second, plain `keydown`. One press sends at most once, whichever comes.
 */
export type EnterEvent =
  | { type: "keydown"; enter: boolean; plain: boolean; composing: boolean; code: number }
  | { type: "keyup"; enter: boolean }
  | { type: "composition"; text: string }
  | { type: "compositionend"; text: string }
  | { type: "linebreak" };

export type EnterState = {
  /** What is or was last being composed. */
  composed: string;
  composing: boolean;
  /** Enter was pressed within a Hangul composition: send when that ends. */
  due: boolean;
  /** This press of Enter has sent: whatever else it causes is dropped. */
  spent: boolean;
};

/** `soon`: a composition that just ended has yet to arrive in the field in some browsers. */
export type EnterStep = { state: EnterState; send: false | "now" | "soon"; prevent: boolean };

export const idle: EnterState = { composed: "", composing: false, due: false, spent: false };

const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]$/;
const IME_KEY = 229;

export function onEnterEvent(state: EnterState, event: EnterEvent): EnterStep {
  switch (event.type) {
    case "composition":
      return quiet({ ...state, composing: true, composed: event.text });
    case "compositionend":
      return onEnd(state, event.text);
    case "keyup":
      return quiet(event.enter ? { ...state, spent: false, due: false } : state);
    case "linebreak":
      return { state, send: false, prevent: state.spent || state.due };
    case "keydown":
      return event.enter ? onEnter(state, event) : quiet({ ...state, spent: false });
  }
}

function onEnd(state: EnterState, text: string): EnterStep {
  const ended = { ...state, composing: false, composed: text === "" ? state.composed : text };
  if (!state.due) return quiet(ended);
  return { state: { ...ended, due: false, spent: true }, send: "soon", prevent: false };
}

function onEnter(state: EnterState, event: EnterEvent & { type: "keydown" }): EnterStep {
  if (!event.plain) return quiet(state);
  if (state.spent) return { state, send: false, prevent: true };
  const hangul = HANGUL.test(state.composed);
  if (event.composing || state.composing) return quiet({ ...state, due: hangul });
  if (event.code === IME_KEY && !hangul) return quiet(state);
  const send = event.code === IME_KEY ? "soon" : "now";
  return { state: { ...state, composed: "", spent: true }, send, prevent: true };
}

function quiet(state: EnterState): EnterStep {
  return { state, send: false, prevent: false };
}
