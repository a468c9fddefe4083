/**
 * A bot that says everything twice: `npx bun examples/echo.ts http://localhost:8080 <username> <password>`.
 * Sign it up on the page first, then write to it.
 */
import { createClient, logIn } from "@damso/sdk";

const [server = "", username = "", password = ""] = process.argv.slice(2);
const chat = createClient({ session: await logIn({ server, username, password }) });

chat.on("state", ({ name }) => console.log(name));
chat.on("message", ({ channel, message: { seq, sender_id, kind, body = "", truncated } }) => {
  chat.read(channel, seq);
  if (sender_id === chat.user_id || kind !== "text") return;
  const said = truncated === true ? `${body}…` : body;
  chat.sendSoon(channel, said, { reply_to: seq });
});

await chat.start();
