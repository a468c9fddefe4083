const hex = 16;

/**
 * Makes UUIDv7s (RFC 9562 §5.7) of the current time at the price of a string concatenation: the
 * random bits are drawn once for the process, the last 48 bits count up.
 */
export function createClientIds(now: () => number, random: () => number): () => string {
  const middle = `7${digits(random() * 0x1000, 3)}-${digits(0x8000 + random() * 0x4000, 4)}`;
  let count = Math.floor(random() * 2 ** 40);
  let time = -1;
  let prefix = "";

  return () => {
    const at = now();
    if (at !== time) {
      time = at;
      const all = digits(at, 12);
      prefix = `${all.slice(0, 8)}-${all.slice(8)}-${middle}-`;
    }
    count += 1;
    return prefix + digits(count, 12);
  };
}

function digits(value: number, width: number): string {
  return Math.floor(value).toString(hex).padStart(width, "0");
}
