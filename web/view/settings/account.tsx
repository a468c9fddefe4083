import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp, useHome } from "../app-context.ts";
import { PasswordField } from "../password-field.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";
import type { PageProps } from "./pages.ts";

export function AccountPage(props: PageProps): VNode {
  const words = useScreens().account;
  const [removing, setRemoving] = useState(false);
  return (
    <>
      <PasswordForm {...props} />
      <Section title={words.remove}>
        <Row icon="bin" title={words.remove} danger onClick={() => setRemoving(true)} />
      </Section>
      {removing && <Remove {...props} onClose={() => setRemoving(false)} />}
    </>
  );
}

function PasswordForm({ account }: PageProps): VNode {
  const words = useScreens().account;
  const { me } = useHome();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [changed, setChanged] = useState(false);
  async function change(): Promise<void> {
    setChanged(false);
    if (!(await account.update({ password: { old, new: next } }))) return;
    setOld("");
    setNext("");
    setChanged(true);
  }
  return (
    <Section title={words.password}>
      <form
        class="form boxed"
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        {/* For the password manager: whose password this is. */}
        <input
          class="hidden"
          autocomplete="username"
          value={me.username.value}
          readonly
          tabIndex={-1}
          aria-hidden="true"
        />
        <PasswordField
          label={words.old}
          autocomplete="current-password"
          value={old}
          onInput={setOld}
        />
        <PasswordField
          label={words.next}
          autocomplete="new-password"
          hint={words.passwordHint}
          minLength={8}
          value={next}
          onInput={setNext}
        />
        <p class="good" role="status">
          {changed && words.changed}
        </p>
        <button
          type="submit"
          class="button primary"
          disabled={old === "" || next === "" || account.busy.value}
        >
          {words.password}
        </button>
      </form>
    </Section>
  );
}

function Remove({ account, onClose }: PageProps): VNode {
  const words = useScreens().account;
  const { app } = useApp();
  const [password, setPassword] = useState("");
  return (
    <Confirm
      title={words.removeTitle}
      button={words.removeButton}
      danger
      onConfirm={() => void app.endAccount(() => account.end(password))}
      onClose={onClose}
    >
      <ul class="plain-list">
        {words.removeText.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <PasswordField
        label={words.removePassword}
        autocomplete="current-password"
        value={password}
        onInput={setPassword}
      />
    </Confirm>
  );
}
