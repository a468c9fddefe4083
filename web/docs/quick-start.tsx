import { uuidV7 } from "@damso/protocol/ids";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Code } from "./code.tsx";
import { useWords } from "./context.ts";
import { Section } from "./section.tsx";

const WAYS = ["curl", "sdk", "socket"] as const;
type Way = (typeof WAYS)[number];

export function QuickStart(): VNode {
  const words = useWords();
  const [way, setWay] = useState<Way>("curl");
  const names = { curl: words.withCurl, sdk: words.withSdk, socket: words.withSocket };
  const hints = { curl: words.curlHint, sdk: words.sdkHint, socket: words.socketHint };
  return (
    <Section id="quick-start" title={words.quickStart}>
      <div class="choices" role="group" aria-label={words.quickStart}>
        {WAYS.map((each) => (
          <button
            type="button"
            key={each}
            class="button"
            aria-pressed={way === each}
            onClick={() => setWay(each)}
          >
            {names[each]}
          </button>
        ))}
      </div>
      <p class="hint">{hints[way]}</p>
      <Code name={names[way]} text={START[way](location.origin)} />
    </Section>
  );
}

/** A client id as a person would need one to copy: fresh, so that two readers do not send the same message. */
const clientId = (): string => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

const START: Record<Way, (server: string) => string> = {
  curl: (server) => `SERVER=${server}

# An account and its first session. jq is only used to read the answer.
ME=$(curl -s $SERVER/v1/signup -d '{"username":"me.'$RANDOM$RANDOM'","password":"a long secret","name":"Me"}')
TOKEN=$(echo "$ME" | jq -r .access_token)
ME_ID=$(echo "$ME" | jq -r .user_id)

# Notes to self: the direct channel whose two users are the same. There is nothing to create.
CHANNEL=d$ME_ID.$ME_ID

# Send. The answer comes when the message is on disk; sent again, it is the same answer.
curl -s $SERVER/v1/channels/$CHANNEL/messages -H "Authorization: Bearer $TOKEN" \\
  -d '{"client_id":"${clientId()}","body":"안녕, Damso!"}'

# Read it back.
curl -s "$SERVER/v1/channels/$CHANNEL/messages?limit=10" -H "Authorization: Bearer $TOKEN"

# Where the feed ends, then wait up to 30 seconds for what comes next.
HEAD=$(curl -s $SERVER/v1/feed -H "Authorization: Bearer $TOKEN" | jq .feed.head)
curl -s "$SERVER/v1/feed?after=$HEAD&wait=30" -H "Authorization: Bearer $TOKEN"`,

  sdk: (server) => `import { createClient, signUp } from "@damso/sdk";

const session = await signUp({
  server: "${server}",
  username: \`me.\${Date.now()}\`,
  password: "a long secret",
});
const chat = createClient({ session });

// Every message of every channel, own ones included, once per device and in order.
chat.on("message", ({ channel, message }) => console.log(channel, message.body));
await chat.start();

// Resolves when the message is kept for ever, whatever happens in between.
await chat.send(chat.direct(chat.user_id), "안녕, Damso!");`,

  socket: (server) => `const server = "${server}";
const answer = await fetch(server + "/v1/signup", {
  method: "POST",
  body: JSON.stringify({ username: "me." + Date.now(), password: "a long secret", name: "Me" }),
});
const { access_token, user_id } = await answer.json();

const socket = new WebSocket(server.replace("http", "ws") + "/v1/socket", "damso.v1");
const say = (frame) => { console.log("→", frame.type); socket.send(JSON.stringify(frame)); };

socket.onopen = () => say({ type: "hello", id: 1, token: access_token, client: "by hand" });
socket.onmessage = ({ data }) => {
  const frame = JSON.parse(data);
  console.log("←", frame);
  if (frame.type === "welcome") say({
    type: "send", id: 2, channel: \`d\${user_id}.\${user_id}\`,
    client_id: "${clientId()}", body: "안녕, Damso!",
  });
  // Events come with a dense pos: apply pos + 1, and ask with sync when one is missing.
  if (frame.type === "message") say({ type: "ack", pos: frame.pos });
};
socket.onclose = ({ code }) => console.log("closed", code);`,
};
