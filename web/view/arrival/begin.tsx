/** The first minute: a face, a friend, a word. Each step can be left out; notifications are asked about later, when one was missed. */
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AccountModel } from "../../model/account.ts";
import { createAccount } from "../../model/account.ts";
import { linkToPerson } from "../../model/invite.ts";
import type { Picker } from "../../model/picker.ts";
import { createPicker } from "../../model/picker.ts";
import { createRelations } from "../../model/relations.ts";
import type { Report } from "../../model/report.ts";
import { useApp, useHome, useStrings } from "../app-context.ts";
import { Dialog } from "../dialog.tsx";
import { LinkCard } from "../parts/link-card.tsx";
import { PictureButton } from "../parts/picture-button.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { Toast } from "../parts/states.tsx";
import { usePanel } from "../parts/use-panel.ts";
import { useScreens } from "../parts/words.ts";
import { SearchField } from "../people/search-field.tsx";

const STEPS = 3;

export function Begin({ onClose }: { onClose: () => void }): VNode {
  const words = useScreens();
  const { app } = useApp();
  const { context, report, notice } = usePanel();
  const [account] = useState(() => createAccount(context, report));
  const [step, setStep] = useState(1);
  useEffect(() => void account.load(), [account]);
  const invited = app.arrival.link.value !== undefined;
  const next = (): void => setStep(step + 1);
  return (
    <Dialog kind="panel" title={words.begin.step(step, STEPS)} onClose={onClose}>
      <div class="panel-body begin" key={step}>
        {step === 1 && <Face account={account} onNext={next} />}
        {step === 2 && <Friends />}
        {step === 3 && <Hello report={report} onClose={onClose} />}
      </div>
      <Toast text={notice} />
      {step > 1 && (
        // Who followed a link knows already whom to say hello to.
        <button
          type="button"
          class={`button wide foot${step === STEPS ? " primary" : ""}`}
          onClick={step === STEPS || invited ? onClose : next}
        >
          {step === STEPS ? words.begin.start : words.next}
        </button>
      )}
    </Dialog>
  );
}

type TitleProps = { title: string; children: ComponentChildren };

function Title({ title, children }: TitleProps): VNode {
  return (
    <div class="begin-title">
      <h3>{title}</h3>
      <p>{children}</p>
    </div>
  );
}

type FaceProps = { account: AccountModel; onNext: () => void };

function Face({ account, onNext }: FaceProps): VNode {
  const words = useScreens();
  const { me } = useHome();
  const [typed, setTyped] = useState<string>();
  const name = typed ?? me.name.value;
  async function go(): Promise<void> {
    const next = name.trim();
    const same = next === me.name.peek() || next === "";
    if (same || (await account.update({ name: next }))) onNext();
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <Title title={words.begin.face}>{words.begin.faceText}</Title>
      <div class="face-line">
        <PictureButton
          id={me.id}
          name={name}
          label={words.profile.picture}
          busy={account.busy.value}
          onPick={(file) => file && void account.setPicture(file)}
        />
      </div>
      <label class="field">
        <span>{words.profile.name}</span>
        <input
          value={name}
          maxLength={64}
          required
          autocomplete="name"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary wide" data-first disabled={account.busy.value}>
        {words.next}
      </button>
    </form>
  );
}

function Friends(): VNode {
  const words = useScreens().begin;
  const invite = useScreens().invite;
  const { me } = useHome();
  const { app } = useApp();
  return (
    <>
      <Title title={words.friends}>{words.friendsText}</Title>
      <LinkCard
        url={linkToPerson(app.server, me.username.value)}
        text={invite.ownText}
        title={me.name.value}
      />
    </>
  );
}

function Hello({ report, onClose }: { report: Report; onClose: () => void }): VNode {
  const words = useScreens();
  const strings = useStrings();
  const home = useHome();
  const [{ contacts, stop }] = useState(() => createRelations(home.context, report));
  const [picker] = useState(() => createPicker(home.context, contacts, report));
  useEffect(() => stop, [stop]);
  async function find(): Promise<void> {
    const profile = await picker.find();
    if (profile) open(profile.user_id);
  }
  function open(user_id: Parameters<typeof home.openWith>[0]): void {
    home.openWith(user_id);
    onClose();
  }
  return (
    <>
      <Title title={words.begin.hello}>{words.begin.helloText(home.me.name.value)}</Title>
      <Find picker={picker} onFind={() => void find()} />
      <p class="problem" role="alert">
        {picker.missing.value !== "" && strings.nobodyFound(picker.missing.value)}
      </p>
      <Section>
        <Row
          icon="notes"
          title={words.begin.notes}
          hint={words.begin.notesText}
          leads
          onClick={() => open(home.me.id)}
        />
      </Section>
    </>
  );
}

function Find({ picker, onFind }: { picker: Picker; onFind: () => void }): VNode {
  const words = useScreens();
  return (
    <div class="find">
      <SearchField
        label={words.profile.username}
        value={picker.typed.value}
        first
        onInput={picker.type}
        onEnter={onFind}
      />
      <button
        type="button"
        class="button"
        disabled={picker.unknown.value === undefined}
        onClick={onFind}
      >
        {words.begin.find}
      </button>
    </div>
  );
}
