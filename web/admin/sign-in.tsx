import type { TargetedSubmitEvent, VNode } from "preact";
import { useState } from "preact/hooks";
import { Logo } from "../view/icons.tsx";
import { problemOf, useDesk, useWords } from "./context.ts";

export function SignIn({ enter }: { enter: () => void }): VNode {
  const words = useWords();
  const { api } = useDesk();
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  /** Keys that open nothing are given back: an account's session would go on for nothing. */
  const attempt = async (present: () => void | Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await present();
      if (await api.mayEnter()) return enter();
      await api.leave();
      setProblem(words.noAdmin);
    } catch (error) {
      await api.leave();
      setProblem(problemOf(words, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="card">
      <Logo />
      <h1>{words.enterTitle}</h1>
      <p class="hint">{words.enterHint}</p>
      <p class="problem" role="alert">
        {problem}
      </p>
      <TokenForm isBusy={isBusy} submit={(token) => attempt(() => api.useToken(token))} />
      <details>
        <summary>{words.orAccount}</summary>
        <AccountForm
          isBusy={isBusy}
          submit={(username, password) => attempt(() => api.logIn(username, password))}
        />
      </details>
    </div>
  );
}

type TokenProps = { isBusy: boolean; submit: (token: string) => Promise<void> };

function TokenForm({ isBusy, submit }: TokenProps): VNode {
  const words = useWords();
  const [token, setToken] = useState("");
  const present = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void submit(token.trim());
  };
  return (
    <form onSubmit={present}>
      <label class="field">
        <span>{words.token}</span>
        <input
          type="password"
          value={token}
          required
          autocomplete="off"
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary wide" disabled={isBusy}>
        {words.enterByToken}
      </button>
    </form>
  );
}

type AccountProps = {
  isBusy: boolean;
  submit: (username: string, password: string) => Promise<void>;
};

function AccountForm({ isBusy, submit }: AccountProps): VNode {
  const words = useWords();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const present = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void submit(username.trim(), password);
  };
  return (
    <form onSubmit={present}>
      <label class="field">
        <span>{words.username}</span>
        <input
          value={username}
          required
          autocapitalize="none"
          autocomplete="username"
          onInput={({ currentTarget }) => setUsername(currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{words.password}</span>
        <input
          type="password"
          value={password}
          required
          autocomplete="current-password"
          onInput={({ currentTarget }) => setPassword(currentTarget.value)}
        />
      </label>
      <button type="submit" class="button wide" disabled={isBusy}>
        {words.enterByAccount}
      </button>
    </form>
  );
}
