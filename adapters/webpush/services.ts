/** The push services of the browsers that there are: nobody else is sent anything, unless the operator says so. Rule N4. */
import { malformed } from "../outbound/dial.ts";

/** A leading dot stands for everything below. */
export const PUSH_SERVICES: readonly string[] = [
  // Chrome, Chromium, Opera, Samsung Internet, Brave
  "fcm.googleapis.com",
  "android.googleapis.com",
  // Firefox
  "updates.push.services.mozilla.com",
  // Safari
  "web.push.apple.com",
  ".push.apple.com",
  // Edge
  ".notify.windows.com",
];

/** Why an endpoint is not one that is sent to, or undefined. */
export function endpointRefusal(
  endpoint: string,
  { services, anywhere }: { services: readonly string[]; anywhere: boolean },
): string | undefined {
  const why = malformed(endpoint, anywhere);
  if (why !== undefined || anywhere) return why;
  const { hostname } = new URL(endpoint);
  const known = services.some((name) =>
    name.startsWith(".") ? hostname.endsWith(name) : hostname === name,
  );
  return known ? undefined : "not a push service that this server sends to";
}
