/** What TLS fails for, whichever client of ours has tried it. */

/** Codes of OpenSSL's verification, of Node's check of names, and of the other side's refusal of what it was shown. */
const REFUSED =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH_|ERR_TLS_CERT_|ERR_SSL_)/;

/** Why, in one sentence; undefined when the error is about something else. */
export function certificateFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  if (typeof code !== "string" || !REFUSED.test(code)) return undefined;
  return error.message.includes("certificate") ? error.message : code;
}
