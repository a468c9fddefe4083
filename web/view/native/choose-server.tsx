/** The first question of the app for phones: which server. */
import type { TargetedSubmitEvent, VNode } from "preact";
import { render } from "preact";
import { useState } from "preact/hooks";
import { Logo } from "../icons.tsx";
import type { Fetch } from "./server-address.ts";
import { isDamso, toAddress } from "./server-address.ts";
import type { NativeWords } from "./words.ts";

type Props = { words: NativeWords; before: string; fetch: Fetch; chosen: (server: string) => void };

/** Resolves with an address at which a server has answered. */
export function chooseServer(root: Element, props: Omit<Props, "chosen">): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  render(<ChooseServer {...props} chosen={resolve} />, root);
  return promise.finally(() => render(null, root));
}

function ChooseServer({ words, before, fetch, chosen }: Props): VNode {
  const [typed, setTyped] = useState(before);
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const go = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const server = toAddress(typed);
    if (server === undefined) return setProblem(words.noAddress);
    setBusy(true);
    setProblem("");
    if (await isDamso(server, fetch)) return chosen(server);
    setBusy(false);
    setProblem(words.noServer);
  };
  return (
    <main class="welcome">
      <form class="card" onSubmit={go}>
        <Logo />
        <h1>{words.where}</h1>
        <p>{words.hint}</p>
        <label class="field">
          <span>{words.address}</span>
          <input
            value={typed}
            required
            inputMode="url"
            autocapitalize="none"
            autocomplete="url"
            spellcheck={false}
            placeholder="chat.example.org"
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </label>
        <p class="problem" role="alert">
          {problem}
        </p>
        <button type="submit" class="button primary wide" disabled={isBusy}>
          {isBusy ? words.looking : words.go}
        </button>
      </form>
    </main>
  );
}
