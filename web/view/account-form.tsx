import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { deviceName } from "../model/device-name.ts";
import { useApp, useStrings } from "./app-context.ts";
import { Logo } from "./icons.tsx";
import { PasswordField } from "./password-field.tsx";
import { useEntrance } from "./use-entrance.ts";
import { LanguageButton } from "./welcome.tsx";

type ByCode = (props: { onPassword: () => void }) => VNode;

export function AccountForm({ form }: { form: "sign_up" | "log_in" }): VNode {
  const [{ Shown }, setShown] = useState<{ Shown?: ByCode }>({});
  if (Shown) return <Shown onPassword={() => setShown({})} />;
  return <Form form={form} onCode={(Code) => setShown({ Shown: Code })} />;
}

type FormProps = { form: "sign_up" | "log_in"; onCode: (Code: ByCode) => void };

function Form({ form, onCode }: FormProps): VNode {
  const { app } = useApp();
  const strings = useStrings();
  const words = useEntrance();
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
          {...(isNew ? { hint: words.usernameHint } : {})}
        />
        <PasswordField
          name="password"
          label={strings.password}
          autocomplete={isNew ? "new-password" : "current-password"}
          {...(isNew ? { hint: words.passwordHint, minLength: 8 } : {})}
        />
        <p class="problem" role="alert">
          {app.problem.value}
        </p>
        <button type="submit" class="button primary wide" disabled={app.busy.value}>
          {isNew ? strings.signUp : strings.logIn}
        </button>
        {!isNew && <CodeButton onCode={onCode} />}
        <div class="pair">
          <button type="button" class="button quiet" onClick={() => app.show("welcome")}>
            {strings.back}
          </button>
          <button
            type="button"
            class="button quiet"
            onClick={() => app.show(isNew ? "log_in" : "sign_up")}
          >
            {isNew ? words.haveAccount : words.noAccount}
          </button>
        </div>
      </form>
    </main>
  );
}

/** The other way in, whose code comes when it is wanted. */
function CodeButton({ onCode }: Pick<FormProps, "onCode">): VNode {
  const strings = useStrings();
  const words = useEntrance().byCode;
  const [at, setAt] = useState<"rest" | "loading" | "failed">("rest");
  async function load(): Promise<void> {
    setAt("loading");
    const part = await import("./screens.ts").catch(() => undefined);
    if (part) onCode(part.ByCode);
    else setAt("failed");
  }
  return (
    <>
      <button
        type="button"
        class="button wide"
        disabled={at === "loading"}
        onClick={() => void load()}
      >
        {words.button}
      </button>
      {at === "failed" && (
        <p class="problem" role="alert">
          {strings.failedToLoad}
        </p>
      )}
    </>
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
