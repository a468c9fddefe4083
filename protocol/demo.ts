/** The people of a demo: accounts that a page signs up for somebody who only wants to look. Rule A8. */

/** How their usernames begin; also what an administrator types to see them. */
export const DEMO_PREFIX = "demo-";

const DIGITS = 12;
const DEMO_USERNAME = new RegExp(`^${DEMO_PREFIX}[0-9a-f]{${DIGITS}}$`);

/** `random`: 12 or more hex digits that nobody can guess. */
export function demoUsername(random: string): string {
  return DEMO_PREFIX + random.slice(0, DIGITS);
}

export function isDemoUsername(username: string): boolean {
  return DEMO_USERNAME.test(username);
}
