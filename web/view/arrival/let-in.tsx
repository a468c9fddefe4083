/** A new device wants to log in: the question, and what came of it. */
import type { RefObject, VNode } from "preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { LetIn as LetInModel } from "../../model/let-in.ts";
import { codeIn, createLetIn } from "../../model/let-in.ts";
import { useApp, useHome, useStrings } from "../app-context.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { Failed, Nothing, Skeleton } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";

type Props = {
  /** Undefined: its address is still to be pasted, by somebody who has no camera at hand. */
  code?: string;
  onClose: () => void;
};

export function LetIn({ code: followed, onClose }: Props): VNode {
  const words = useScreens().letIn;
  const { context } = useHome();
  const [code, setCode] = useState(followed);
  const model = useMemo(
    () => (code === undefined ? undefined : createLetIn(context, code)),
    [context, code],
  );
  useEffect(() => void model?.read(), [model]);
  const isAsking = model?.state.value.name === "asking" || model?.state.value.name === "reading";
  return (
    <Dialog title={isAsking ? words.title : words.row} onClose={onClose}>
      {model ? <Question model={model} onClose={onClose} /> : <Address onCode={setCode} />}
    </Dialog>
  );
}

function Address({ onCode }: { onCode: (code: string) => void }): VNode {
  const words = useScreens();
  const { app } = useApp();
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState("");
  function go(): void {
    const found = codeIn(typed, app.server);
    if (typeof found === "object") onCode(found.code);
    else setProblem(words.letIn[found]);
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <p>{words.letIn.text}</p>
      <label class="field">
        <span>{words.letIn.field}</span>
        <input
          data-first
          value={typed}
          required
          inputMode="url"
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          dir="ltr"
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setProblem("");
          }}
        />
      </label>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button type="submit" class="button primary wide">
        {words.next}
      </button>
    </form>
  );
}

type QuestionProps = { model: LetInModel; onClose: () => void };

function Question({ model, onClose }: QuestionProps): VNode {
  const words = useScreens();
  const state = model.state.value;
  const { letIn } = words;
  switch (state.name) {
    case "reading":
      return <Skeleton rows={3} />;
    case "away":
      return <Failed onRetry={() => void model.again()} />;
    case "asking":
      return <Asking {...state} onAnswer={model.answer} />;
    case "approved":
      return (
        <Nothing
          icon="check"
          title={letIn.approved(nameOf(state.device_name, words.devices.unnamed))}
          text={letIn.approvedText}
        >
          <Done onClose={onClose} />
        </Nothing>
      );
    case "refused":
    case "over":
    case "used":
      return (
        <Nothing
          icon={state.name === "refused" ? "block" : "qr"}
          title={letIn[state.name]}
          text={letIn[`${state.name}Text`]}
        >
          <Done onClose={onClose} />
        </Nothing>
      );
  }
}

const nameOf = (name: string, unnamed: string): string => (name === "" ? unnamed : name);

function Done({ onClose }: { onClose: () => void }): VNode {
  const strings = useStrings();
  return (
    <button ref={useFocus()} type="button" class="button" onClick={onClose}>
      {strings.close}
    </button>
  );
}

/** What was focused before is gone. */
function useFocus(): RefObject<HTMLButtonElement | null> {
  const element = useRef<HTMLButtonElement>(null);
  useEffect(() => element.current?.focus(), []);
  return element;
}

type AskingProps = {
  device_name: string;
  address: string;
  busy: boolean;
  onAnswer: LetInModel["answer"];
};

/** It begins at the button that changes nothing; what is asked is said with it. */
function Asking({ device_name, address, busy, onAnswer }: AskingProps): VNode {
  const words = useScreens();
  const about = useId();
  const refuse = useFocus();
  const name = nameOf(device_name, words.devices.unnamed);
  return (
    <>
      <div id={about} class="asking">
        <p class="item">
          <Icon name={/Android|iOS/.test(device_name) ? "phone" : "laptop"} />
          <span class="item-name" dir="auto">
            {name}
            {address !== "" && <small>{words.letIn.from(address)}</small>}
          </span>
        </p>
        <p class="warning">{words.letIn.warning}</p>
      </div>
      <div class="pair">
        <button
          ref={refuse}
          type="button"
          class="button"
          aria-describedby={about}
          disabled={busy}
          onClick={() => void onAnswer(false)}
        >
          {words.letIn.refuse}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={busy}
          onClick={() => void onAnswer(true)}
        >
          {words.letIn.approve}
        </button>
      </div>
    </>
  );
}
