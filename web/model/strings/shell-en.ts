import type { ShellWords } from "./shell.ts";

export const shellEn: ShellWords = {
  update: "A new version is here.",
  reload: "Reload",
  install: "Keep Damso at hand, as an app of its own.",
  installButton: "Install",
  installByMenu: "Keep Damso at hand: Share, then “Add to Home Screen”.",
  notify: "You missed a message. Shall Damso tell you next time?",
  notifyButton: "Notify me",
  notNow: "Not now",
  newMessage: "New message",
  understood: "OK",
  restarting: "Server restarting. One moment…",
};
