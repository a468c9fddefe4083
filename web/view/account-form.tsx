import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { deviceName } from "../model/device-name.ts";
import { useApp, useStrings } from "./app-context.ts";
import { Logo } from "./icons.tsx";
import { PasswordField } from "./password-field.tsx";
import { LanguageButton } from "./welcome.tsx";

export function AccountForm({ form }: { form: "sign_up" | "log_in" }): VNode {
  const { app } = useApp();
  const strings = useStrings();
  const isNew = form === "sign_up";
  const element = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => element.current?.querySelector("input")?.focus(), []);

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === "string" ? value : "";
    };
    const username = text("username");
    const device = deviceName(navigator.userAgent);
    void app.enter(form, { username, password: text("password"), name: text("name"), device });
  }

  return (
    <main class="welcome">
      <LanguageButton />
      <form ref={element} class="card" onSubmit={submit} onInput={app.forgive}>
        <Logo />
        <h1>{isNew ? strings.signUp : strings.logIn}</h1>
        {isNew && <Field name="name" label={strings.name} autocomplete="name" maxLength={64} />}
        <Field
          name="username"
          label={strings.username}
          autocomplete="username"
          autocapitalize="none"
          maxLength={32}
          value={app.username.value}
          onInput={app.setUsername}
          {...(isNew ? { hint: strings.usernameHint } : {})}
        />
        <PasswordField
          name="password"
          label={strings.password}
          autocomplete={isNew ? "new-password" : "current-password"}
          {...(isNew ? { hint: strings.passwordHint, minLength: 8 } : {})}
        />
        <p class="problem" role="alert">
          {app.problem.value}
        </p>
        <button type="submit" class="button primary wide" disabled={app.busy.value}>
          {isNew ? strings.signUp : strings.logIn}
        </button>
        <div class="pair">
          <button type="button" class="button quiet" onClick={() => app.show("welcome")}>
            {strings.back}
          </button>
          <button
            type="button"
            class="button quiet"
            onClick={() => app.show(isNew ? "log_in" : "sign_up")}
          >
            {isNew ? strings.haveAccount : strings.noAccount}
          </button>
        </div>
      </form>
    </main>
  );
}

type FieldProps = {
  name: string;
  label: string;
  autocomplete: "name" | "username";
  autocapitalize?: "none";
  maxLength: number;
  value?: string;
  onInput?: (text: string) => void;
  hint?: string;
};

function Field({ name, label, hint, onInput, ...rest }: FieldProps): VNode {
  const told = (event: InputEvent): void =>
    onInput?.((event.currentTarget as HTMLInputElement).value);
  const input = { name, required: true, spellcheck: false, onInput: told, ...rest };
  return (
    <label class="field">
      <span>{label}</span>
      <input type="text" {...input} />
      {hint !== undefined && <small>{hint}</small>}
    </label>
  );
}
