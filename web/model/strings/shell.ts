/** The words of the page as an app: new versions, installing, notifications. */
export type ShellWords = {
  update: string;
  reload: string;
  install: string;
  installButton: string;
  installByMenu: string;
  notify: string;
  notifyButton: string;
  notNow: string;
  understood: string;
  restarting: string;
  newMessage: string;
};
