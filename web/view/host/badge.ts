/** How many messages wait: on the app's icon where it is installed, as a dot on the tab's where it is not. */

export function setBadge(count: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const href = count > 0 ? "/favicon-unread.svg" : "/favicon.svg";
  if (icon !== null && icon.getAttribute("href") !== href) icon.href = href;
  if (!("setAppBadge" in navigator)) return;
  const done = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
  // Refused where it is not installed; nothing is lost.
  done.catch(() => {});
}
