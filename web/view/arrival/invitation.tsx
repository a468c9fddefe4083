/** Where a link leads: to a person, into a group, or to a device that wants to log in. */
import type { Profile } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Invitation as Group } from "../../model/invite.ts";
import { joinGroup, readLink } from "../../model/invite.ts";
import type { Link } from "../../model/link.ts";
import { useHome } from "../app-context.ts";
import { Avatar } from "../avatar.tsx";
import { Dialog } from "../dialog.tsx";
import { Failed, Nothing, Skeleton, Toast } from "../parts/states.tsx";
import { usePanel } from "../parts/use-panel.ts";
import { useScreens } from "../parts/words.ts";
import { LetIn } from "./let-in.tsx";

type Found = Awaited<ReturnType<typeof readLink>> | "away";

type Props<L> = { link: L; onClose: () => void };
type ToSomebody = Exclude<Link, { kind: "device" }>;

export function Invitation({ link, onClose }: Props<Link>): VNode {
  return link.kind === "device" ? (
    <LetIn code={link.code} onClose={onClose} />
  ) : (
    <Invited link={link} onClose={onClose} />
  );
}

function Invited({ link, onClose }: Props<ToSomebody>): VNode {
  const words = useScreens().invite;
  const { context, notice, report } = usePanel();
  const home = useHome();
  const [found, setFound] = useState<Found>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (found === undefined) readLink(context, link).then(setFound, () => setFound("away"));
  }, [context, link, found]);

  async function join(invite: string): Promise<void> {
    setBusy(true);
    const done = await report(joinGroup(context, invite).then(home.open));
    setBusy(false);
    if (done) onClose();
  }
  async function hello({ user_id }: Profile): Promise<void> {
    home.openWith(user_id);
    onClose();
    await home.report(context.client.contacts.add(user_id));
  }
  return (
    <Dialog title={words.with} onClose={onClose}>
      <Body
        found={found}
        busy={busy}
        onRetry={() => setFound(undefined)}
        onHello={(person) => void hello(person)}
        onJoin={() => link.kind === "group" && void join(link.invite)}
      />
      <Toast text={notice} />
    </Dialog>
  );
}

type BodyProps = {
  found: Found | undefined;
  busy: boolean;
  onRetry: () => void;
  onHello: (person: Profile) => void;
  onJoin: () => void;
};

function Body({ found, busy, onRetry, onHello, onJoin }: BodyProps): VNode {
  const words = useScreens().invite;
  const { me } = useHome();
  if (found === undefined) return <Skeleton rows={3} />;
  if (found === "away") return <Failed onRetry={onRetry} />;
  if (found !== "over" && "group" in found)
    return <GroupCard group={found.group} busy={busy} onJoin={onJoin} />;
  const person = found === "over" ? undefined : found.person;
  if (person === undefined || person.user_id === me.id)
    return <Nothing icon="link" title={words.over} text={words.overText} />;
  const { user_id, name } = person;
  return (
    <div class="face-line">
      <Avatar id={user_id} name={name} large />
      <h3>{name}</h3>
      <p>{words.withText(name)}</p>
      <button type="button" class="button primary wide" onClick={() => onHello(person)}>
        {words.hello}
      </button>
    </div>
  );
}

type GroupProps = { group: Group; busy: boolean; onJoin: () => void };

function GroupCard({ group, busy, onJoin }: GroupProps): VNode {
  const words = useScreens();
  const { channel, name = words.group.title, by, members } = group;
  return (
    <div class="face-line">
      <Avatar id={channel} name={name} group large />
      <h3>{name}</h3>
      <p>{words.invite.joinText(by.name, members)}</p>
      <button type="button" class="button primary wide" disabled={busy} onClick={onJoin}>
        {words.invite.join}
      </button>
    </div>
  );
}
