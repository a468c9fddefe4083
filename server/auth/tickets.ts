/**
 * Short statements that this server signs and believes later, without keeping them: who may join what, until when.
 * `field.field.….expiry.signature` in letters that a URL and a QR code carry as they are.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "@damso/core/ports/clock";
import type { Keys } from "./keys.ts";

/** What a ticket is for: one kind is never taken for another. */
export type TicketKind = "invite";

export type Tickets = {
  /** `fields` have no dots; `expires_at` is in ms since 1970, kept to the second. */
  sign(kind: TicketKind, fields: readonly string[], expires_at: number): string;
  /** The fields, or undefined for a ticket that is forged, expired or none. */
  read(kind: TicketKind, ticket: string): string[] | undefined;
};

const TICKET_LENGTH_MAX = 256;
/** 128 bits of HMAC-SHA-256 (RFC 2104 section 5). */
const SIGNATURE_BYTES = 16;

export function createTickets(keys: Pick<Keys, "signing">, clock: Clock): Tickets {
  const signature = (kind: TicketKind, said: string): Buffer =>
    createHmac("sha256", keys.signing)
      .update(`damso ticket ${kind}\n${said}`)
      .digest()
      .subarray(0, SIGNATURE_BYTES);
  return {
    sign: (kind, fields, expires_at) => {
      const said = [...fields, Math.floor(expires_at / 1000).toString(36)].join(".");
      return `${said}.${signature(kind, said).toString("base64url")}`;
    },
    read: (kind, ticket) => {
      if (ticket.length > TICKET_LENGTH_MAX) return undefined;
      const end = ticket.lastIndexOf(".");
      const said = ticket.slice(0, end);
      const given = Buffer.from(ticket.slice(end + 1), "base64url");
      if (given.length !== SIGNATURE_BYTES) return undefined;
      if (!timingSafeEqual(given, signature(kind, said))) return undefined;
      const fields = said.split(".");
      const expiry = Number.parseInt(fields.pop() ?? "", 36);
      return expiry * 1000 > clock.now() ? fields : undefined;
    },
  };
}
