/** The text that arrives is the text that was sent: I11. */
import type { Message } from "@damso/protocol";
import { LIMITS } from "@damso/protocol/limits";
import { codePoints } from "@damso/protocol/text";
import type { Book } from "./book.ts";
import { amount, counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";

/** JavaScript strings are compared unit by unit: equal well-formed strings are equal bytes of UTF-8. */
export function checkBodies(book: Book): Finding {
  return finding("I11", "the text as sent", (fault) => {
    let compared = 0;
    for (const messages of book.history.values())
      for (const message of messages) {
        const whole = book.bodies.get(`${message.channel}/${message.seq}`);
        compared += compare(book, "the history", message, fault);
        if (message.truncated !== true) continue;
        if (whole === undefined) fault(`${book.place(message.channel, message.seq)} was not read`);
        else
          compared += compare(book, "HTTP", { ...message, body: whole, truncated: false }, fault);
      }
    for (const { name, messages, bodies } of book.devices) {
      for (const held of messages.values())
        for (const message of held) compared += compare(book, name, message, fault);
      for (const { channel, seq, body } of bodies) {
        const message = book.at(channel, seq);
        if (message) compared += compare(book, name, { ...message, body, truncated: false }, fault);
      }
    }
    return `${counted(compared, "texts", fault)} compared, ${longest(book, fault)}`;
  });
}

/** 1 when there was a text to compare. Edited texts are another text: I3 looks at those. */
function compare(book: Book, where: string, message: Message, fault: Fault): number {
  const { body, body_rev, client_id, deleted_at, truncated, length } = message;
  if (message.kind !== "text" || body === undefined || body_rev !== 1) return 0;
  const place = book.place(message.channel, message.seq);
  const sent = book.sendOf(client_id)?.body;
  if (deleted_at !== undefined) fault(`${where}: ${place} is deleted and has a text`);
  if (sent === undefined) fault(`${where}: ${place} was sent by nobody`);
  else if (truncated === true) {
    if (!sent.startsWith(body) || length !== codePoints(sent))
      fault(`${where}: the preview of ${place} is not of the text that was sent`);
  } else if (body !== sent) {
    fault(`${where}: ${place} has ${body.length} units, ${sent.length} were sent, not the same`);
  }
  return 1;
}

/** The longest text that is allowed has to be among them, read whole by devices too. */
function longest(book: Book, fault: Fault): string {
  const limit = LIMITS.body_code_points_max;
  const isLongest = (text: string): boolean => text.length >= limit && codePoints(text) === limit;
  const sent = book.sends.filter((send) => send.sent !== undefined && isLongest(send.body));
  const read = book.devices.flatMap(({ bodies }) => bodies).filter(({ body }) => isLongest(body));
  counted(sent.length, `texts of ${amount(limit)} characters`, fault);
  counted(read.length, `devices that read one whole`, fault);
  return `one of ${amount(limit)} characters, read whole by ${amount(read.length)} devices`;
}
