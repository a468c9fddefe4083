import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Me } from "@damso/sdk";
import { useHome, useStrings } from "../app-context.ts";
import { PictureButton } from "../parts/picture-button.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { Failed, Skeleton } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";
import { OwnLink } from "../people/own-link.tsx";
import type { PageProps } from "./pages.ts";

export function ProfilePage(props: PageProps): VNode {
  const { account } = props;
  const me = account.me.value;
  if (account.failed.value) return <Failed onRetry={() => void account.load()} />;
  return me === undefined ? <Skeleton rows={4} /> : <Profile {...props} me={me} />;
}

function Profile({ account, me }: PageProps & { me: Me }): VNode {
  const words = useScreens();
  const home = useHome();
  const [link, setLink] = useState(false);
  return (
    <>
      <div class="face-line">
        <PictureButton
          id={home.me.id}
          name={me.name}
          label={words.profile.picture}
          busy={account.busy.value}
          onPick={(file) => file && void account.setPicture(file)}
        />
        {me.avatar !== undefined && (
          <button
            type="button"
            class="button quiet"
            onClick={() => void account.update({ avatar: null })}
          >
            {words.profile.removePicture}
          </button>
        )}
      </div>
      <ProfileForm account={account} me={me} />
      <Section title={words.profile.username} hint={words.profile.usernameFixed}>
        <p class="item">@{me.username}</p>
        <Row icon="qr" title={words.profile.link} onClick={() => setLink(true)} />
      </Section>
      {link && <OwnLink onClose={() => setLink(false)} />}
    </>
  );
}

function ProfileForm({ account, me }: Pick<PageProps, "account"> & { me: Me }): VNode {
  const words = useScreens();
  const strings = useStrings();
  const [name, setName] = useState(me.name);
  const [about, setAbout] = useState(me.about ?? "");
  const [saved, setSaved] = useState(false);
  const changed = name.trim() !== me.name || about.trim() !== (me.about ?? "");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void account.update({ name: name.trim(), about: about.trim() }).then(setSaved);
      }}
      onInput={() => setSaved(false)}
    >
      <label class="field">
        <span>{words.profile.name}</span>
        <input
          value={name}
          maxLength={64}
          required
          autocomplete="name"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{words.profile.about}</span>
        <input
          value={about}
          maxLength={200}
          onInput={(event) => setAbout(event.currentTarget.value)}
        />
        <small>{words.profile.aboutHint}</small>
      </label>
      <button
        type="submit"
        class="button primary"
        disabled={!changed || name.trim() === "" || account.busy.value}
      >
        <span aria-live="polite">{saved && !changed ? words.profile.saved : strings.save}</span>
      </button>
    </form>
  );
}
