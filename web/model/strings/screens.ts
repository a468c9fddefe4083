/** The words of the screens around people and settings; loaded with them, not with the first page. */
import type { Language } from "./strings.ts";
import { screensEn } from "./screens-en.ts";
import { screensKo } from "./screens-ko.ts";

export type Screens = {
  more: string;
  next: string;
  previous: string;
  change: string;
  loading: string;
  failed: string;
  search: string;
  copied: string;
  copyLink: string;
  share: string;
  download: string;

  settings: {
    title: string;
    profile: string;
    look: string;
    language: string;
    notifications: string;
    privacy: string;
    devices: string;
    data: string;
    keys: string;
    account: string;
    about: string;
    logOut: string;
    logOutSure: string;
    logOutText: string;
  };
  profile: {
    picture: string;
    removePicture: string;
    name: string;
    about: string;
    aboutHint: string;
    username: string;
    usernameFixed: string;
    saved: string;
    link: string;
  };
  look: {
    theme: string;
    themes: Record<"system" | "light" | "dark", string>;
    contrast: string;
    contrastHint: string;
    text: string;
    sample: string;
    sampleAnswer: string;
  };
  notify: {
    device: string;
    permission: Record<"unsupported" | "denied" | "default" | "granted", string>;
    enable: string;
    quiet: string;
    quietHint: string;
    from: string;
    to: string;
    test: string;
    outcomes: Record<"sent" | "gone" | "later" | "refused", string>;
    account: string;
    direct: string;
    group: string;
    levels: Record<"all" | "mentions" | "none", string>;
    hide: string;
    hideHint: string;
    scope: string;
  };
  privacy: {
    presence: string;
    presenceHint: string;
    message: string;
    messageHint: string;
    audience: Record<"everyone" | "contacts" | "nobody", string>;
    receipts: string;
    receiptsHint: string;
    blocked: string;
    nobodyBlocked: string;
    nobodyBlockedHint: string;
    unblock: string;
  };
  devices: {
    this: string;
    unnamed: string;
    lastUsed: (when: string) => string;
    since: (when: string) => string;
    others: string;
    none: string;
    logOut: string;
    logOutAll: string;
    logOutAllSure: string;
    logOutAllText: (count: number) => string;
  };
  data: {
    storage: string;
    used: (size: string) => string;
    unknown: string;
    storageHint: string;
    export: string;
    exportHint: string;
    exportStart: string;
    exporting: (messages: number) => string;
    exported: (messages: number) => string;
    clear: string;
    clearSure: string;
    clearText: string;
  };
  keys: {
    hint: string;
    press: string;
    taken: string;
    plain: string;
    reset: string;
  };
  account: {
    password: string;
    old: string;
    next: string;
    changed: string;
    passwordHint: string;
    remove: string;
    removeTitle: string;
    removeText: readonly string[];
    removePassword: string;
    removeButton: string;
  };
  about: { text: string; openSource: string; docs: string; protocol: string };

  people: {
    title: string;
    search: string;
    new: string;
    none: string;
    noneHint: string;
    find: (username: string) => string;
    invite: string;
    inviteHint: string;
  };
  person: {
    title: string;
    message: string;
    mute: string;
    muted: string;
    add: string;
    remove: string;
    block: string;
    blockSure: (name: string) => string;
    blockText: string;
    unblock: string;
    about: string;
    groups: string;
    gone: string;
  };
  group: {
    title: string;
    new: string;
    create: string;
    name: string;
    namePlaceholder: string;
    picked: (count: number) => string;
    addMembers: string;
    add: (count: number) => string;
    members: (count: number) => string;
    searchMembers: string;
    role: string;
    owner: string;
    admin: string;
    promote: string;
    demote: string;
    pass: string;
    passSure: (name: string) => string;
    passText: string;
    remove: string;
    removeSure: (name: string) => string;
    leave: string;
    leaveSure: string;
    leaveText: string;
    leaveOwner: string;
    rename: string;
    picture: string;
    settings: string;
    history: string;
    historyHint: string;
    invite: string;
    created: (when: string) => string;
  };
  mute: {
    title: string;
    choices: Record<"off" | "hour" | "workday" | "ever", string>;
    until: (when: string) => string;
    ever: string;
    on: string;
  };
  invite: {
    own: string;
    ownText: string;
    group: string;
    groupText: (when: string) => string;
    qr: string;
    with: string;
    withText: (name: string) => string;
    hello: string;
    join: string;
    joinText: (name: string, members: number) => string;
    over: string;
    overText: string;
  };
  shared: {
    title: string;
    media: string;
    files: string;
    links: string;
    none: Record<"media" | "files" | "links", string>;
    more: string;
  };
  letIn: {
    row: string;
    rowHint: string;
    text: string;
    field: string;
    none: string;
    elsewhere: string;
    title: string;
    from: (address: string) => string;
    warning: string;
    approve: string;
    refuse: string;
    approved: (name: string) => string;
    approvedText: string;
    refused: string;
    refusedText: string;
    over: string;
    overText: string;
    used: string;
    usedText: string;
  };
  begin: {
    face: string;
    faceText: string;
    friends: string;
    friendsText: string;
    hello: string;
    helloText: (name: string) => string;
    notes: string;
    notesText: string;
    start: string;
    find: string;
    step: (step: number, steps: number) => string;
  };
  files: {
    title: (count: number) => string;
    caption: string;
    send: string;
    tooLarge: (name: string) => string;
    tooMany: string;
    remove: (name: string) => string;
    progress: (percent: number) => string;
  };
};

export function screensOf(language: Language): Screens {
  return language === "ko" ? screensKo : screensEn;
}
