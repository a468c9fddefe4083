import { createClient, signUp } from "@damso/sdk";
const me = { server: "http://localhost:8080", username: `me.${Date.now()}`, password: "a secret" };
const chat = createClient({ session: await signUp(me) });
chat.on("message", ({ message }) => console.log(message.body));
await chat.start();
await chat.send(chat.direct(chat.user_id), "안녕, Damso!");
