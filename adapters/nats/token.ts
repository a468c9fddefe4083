/** Any text as one part of a subject or key: what NATS would read otherwise becomes `=` and two hexadecimal digits a byte. */
export function tokenOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w-]/.test(character) ? character : `=${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}
