import type { AdminSession, AdminUser } from "@damso/protocol/http/admin";
import type { RouteAnswer } from "@damso/protocol/http/routes";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ChannelCards } from "./channels.tsx";
import { problemOf, useDesk, useFormats, useWords } from "./context.ts";
import { useAsked } from "./use-asked.ts";
import { UserTags } from "./user-list.tsx";
import { Waiting } from "./waiting.tsx";

/** Does something, then says what came of it and looks again. */
type Do = (work: () => Promise<string | void>) => Promise<void>;

export function UserPage({ user }: { user: string }): VNode {
  const words = useWords();
  const path = `/v1/admin/users/${encodeURIComponent(user)}`;
  const { answer, problem, again } = useAsked<"getUserAsAdmin">(path);
  const [said, setSaid] = useState("");
  const act: Do = async (work) => {
    try {
      setSaid((await work()) ?? words.done);
    } catch (error) {
      setSaid(problemOf(words, error));
    }
    await again();
  };
  if (answer === undefined) return <Waiting problem={problem} />;
  return (
    <section aria-labelledby="user-title">
      <a class="button quiet" href="#users">
        ← {words.back}
      </a>
      <h2 id="user-title">
        {answer.name === "" ? "–" : answer.name} <span>@{answer.username}</span>{" "}
        <UserTags user={answer} />
      </h2>
      <Facts user={answer} />
      {!answer.deleted && <Deeds user={answer} path={path} act={act} />}
      <p class="said" role="status">
        {said}
      </p>
      <h3>{words.devices}</h3>
      <Devices devices={answer.devices} path={path} act={act} />
      <h3>{words.channels}</h3>
      <UserChannels path={path} />
    </section>
  );
}

function Facts({ user }: { user: AdminUser }): VNode {
  const words = useWords();
  const { time } = useFormats();
  const active = user.last_active_at === undefined ? words.neverActive : time(user.last_active_at);
  return (
    <p class="facts">
      <code>{user.user_id}</code>
      <span>
        {words.since} {time(user.created_at)}
      </span>
      <span>
        {words.lastActive}: {active}
      </span>
    </p>
  );
}

type DeedsProps = { user: AdminUser; path: string; act: Do };

/** What cannot be taken back asks once more, in place. */
function Deeds({ user, path, act }: DeedsProps): VNode {
  const words = useWords();
  const { api } = useDesk();
  const [asked, setAsked] = useState<"disable" | "end" | undefined>(undefined);
  const { count } = useFormats();
  const overview = useAsked<"getOverview">("/v1/admin/overview");
  const sure = (method: string, end: string): void => {
    setAsked(undefined);
    void act(() => api.ask(method, `${path}/${end}`));
  };
  const test = (): Promise<void> =>
    act(async () => {
      const body = { user_id: user.user_id };
      const { devices } = await api.ask<RouteAnswer<"testPushAsAdmin">>(
        "POST",
        "/v1/admin/push-test",
        body,
      );
      return words.pushTested(count(devices));
    });
  if (asked !== undefined) {
    const isDisable = asked === "disable";
    return (
      <div class="sure" role="alertdialog" aria-label={words[isDisable ? "disable" : "endAll"]}>
        <p>{isDisable ? words.confirmDisable(user.name) : words.confirmEndAll(user.name)}</p>
        <button
          type="button"
          class="button danger"
          onClick={() => (isDisable ? sure("PUT", "disabled") : sure("DELETE", "sessions"))}
        >
          {isDisable ? words.disable : words.endAll}
        </button>
        <button type="button" class="button" onClick={() => setAsked(undefined)}>
          {words.cancel}
        </button>
      </div>
    );
  }
  return (
    <div class="deeds">
      {user.disabled ? (
        <button type="button" class="button" onClick={() => sure("DELETE", "disabled")}>
          {words.enable}
        </button>
      ) : (
        <button type="button" class="button danger" onClick={() => setAsked("disable")}>
          {words.disable}
        </button>
      )}
      <button
        type="button"
        class="button"
        disabled={user.sessions === 0}
        onClick={() => setAsked("end")}
      >
        {words.endAll}
      </button>
      {overview.answer?.push_test === true && (
        <button type="button" class="button" onClick={test}>
          {words.pushTest}
        </button>
      )}
    </div>
  );
}

type DevicesProps = { devices: readonly AdminSession[]; path: string; act: Do };

function Devices({ devices, path, act }: DevicesProps): VNode {
  const words = useWords();
  const { api } = useDesk();
  const { time } = useFormats();
  if (devices.length === 0) return <p>{words.noDevices}</p>;
  return (
    <ul class="devices">
      {devices.map((device) => (
        <li key={device.session_id}>
          <span class="who-is">
            <strong>{device.name === "" ? device.device_id : device.name}</strong>{" "}
            {device.push !== undefined && <span class="tag">{words.pushBy(device.push)}</span>}
          </span>
          <span class="used">
            {words.lastActive}: {time(device.last_active_at)}
          </span>
          <button
            type="button"
            class="button"
            onClick={() => act(() => api.ask("DELETE", `${path}/sessions/${device.session_id}`))}
          >
            {words.end}
          </button>
        </li>
      ))}
    </ul>
  );
}

type ChannelPage = RouteAnswer<"listUserChannels">;

function UserChannels({ path }: { path: string }): VNode {
  const words = useWords();
  const { api } = useDesk();
  const first = useAsked<"listUserChannels">(`${path}/channels`);
  const [rest, setRest] = useState<readonly ChannelPage[]>([]);
  if (first.answer === undefined) return <p role="status">{first.problem}</p>;
  const pages = [first.answer, ...rest];
  const cursor = pages.at(-1)?.cursor;
  const more = async (): Promise<void> => {
    const query = `cursor=${encodeURIComponent(cursor ?? "")}`;
    setRest([...rest, await api.ask<ChannelPage>("GET", `${path}/channels?${query}`)]);
  };
  return (
    <>
      <ChannelCards channels={pages.flatMap(({ channels }) => channels)} />
      {cursor !== undefined && (
        <button type="button" class="button wide" onClick={more}>
          {words.more}
        </button>
      )}
    </>
  );
}
