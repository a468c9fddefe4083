/** The page in real browsers against a real server: each scene begins with people of its own. */
import type { Client } from "@damso/sdk";
import type { Person } from "./browser.testing.ts";
import type { Server } from "./server.ts";
import { axeOnPages } from "./scenes/access-pages.ts";
import { admin, adminOnPhone } from "./scenes/admin.ts";
import { letIn, notLetIn } from "./scenes/by-code.ts";
import { offline, refused, reloaded } from "./scenes/connection.ts";
import { invited, invitedToGroup, shownAround } from "./scenes/arrival.ts";
import { demo, demoOnPhone } from "./scenes/demo.ts";
import { docs, docsOnPhone } from "./scenes/docs.ts";
import { files, leafingByFinger } from "./scenes/files.ts";
import { group } from "./scenes/group.ts";
import { hangul, hangulMention } from "./scenes/hangul.ts";
import { axeOnAll, narrow } from "./scenes/access.ts";
import { listing, longList, searching } from "./scenes/finding.ts";
import { keysOnly } from "./scenes/keyboard.ts";
import { emoji, passingOn, swiping } from "./scenes/message-tools.ts";
import { lost } from "./scenes/lost.ts";
import { jumping, prepending } from "./scenes/long.ts";
import { readOffline, sendingThroughReload, serverAway } from "./scenes/offline.ts";
import { backOnPhone, blocking, friends, groupRights, hurried } from "./scenes/people.ts";
import { phoneApp } from "./scenes/phone-app.ts";
import { exported, leaving, look, privacy, profile } from "./scenes/settings.ts";
import { manyTabs, nothingLeft } from "./scenes/tabs.ts";
import { inPlace } from "./scenes/sending.ts";
import { stillOnLaptop, stillOnPhone } from "./scenes/still.ts";
import { changes, phone, twoPeople } from "./scenes/talk.ts";
import { drafts, scrolling } from "./scenes/timeline.ts";
import { newVersion, newVersionInChat, offers, policy } from "./scenes/version.ts";

export type Stage = {
  url: string;
  /** A browser of its own; its problems fail the scene. */
  person: (options?: { phone?: boolean; locale?: string }) => Promise<Person>;
  /** Two people, signed up, each on a page of its own. */
  two: (url?: string) => Promise<[ann: Person, bob: Person, names: [string, string]]>;
  /** Somebody's further device, without a page. */
  device: (username: string, url?: string) => Promise<Client>;
  /** A server of its own, for scenes that end it. */
  server: () => Promise<Server>;
  /** From now on problems like this one are part of the scene. */
  expectProblem: (like: RegExp) => void;
};

export type Scene = { title: string; play: (stage: Stage) => Promise<void> };

export const scenes: readonly Scene[] = [
  { title: "the demo is there after one click, and both sides talk", play: demo },
  { title: "the demo on a phone shows one side at a time", play: demoOnPhone },
  { title: "two people sign up, find each other and talk", play: twoPeople },
  { title: "reply, reaction, edit, pin and deletion are seen by both", play: changes },
  { title: "Hangul is sent once, by the key that ends it", play: hangul },
  { title: "the same key completes a mention and sends nothing", play: hangulMention },
  { title: "a group has members, roles, a name, mentions and an end", play: group },
  { title: "a group is muted, governed and handed over", play: groupRights },
  { title: "friends are added, found by initial consonants and removed", play: friends },
  { title: "a block is asked about, seen and lifted", play: blocking },
  { title: "a link leads a new person into a chat", play: invited },
  { title: "who is new is shown around, and begins", play: shownAround },
  { title: "a link lets people into a group", play: invitedToGroup },
  { title: "pictures and files are sent, looked at, saved and found again", play: files },
  { title: "a finger leafs through the pictures of a chat", play: leafingByFinger },
  { title: "a profile is seen by others at once", play: profile },
  { title: "the look of the page holds on this device", play: look },
  { title: "who sees presence is up to oneself", play: privacy },
  { title: "devices, the password and the account have an end", play: leaving },
  { title: "a desktop lets a phone in by its QR code", play: letIn },
  { title: "a QR code that is refused, over or used says so", play: notLetIn },
  { title: "one’s own data are one file", play: exported },
  { title: "on a phone the back button closes panels", play: backOnPhone },
  { title: "the back button keeps up with hurried hands", play: hurried },
  { title: "a long history loads upwards and stays where one reads", play: scrolling },
  { title: "fifty pages are put above what one reads, and nothing moves", play: prepending },
  { title: "a jump shows its message and leads back", play: jumping },
  { title: "a message stands in its place from its key on", play: inPlace },
  { title: "nothing moves by itself on a laptop", play: stillOnLaptop },
  { title: "nothing moves by itself on a phone", play: stillOnPhone },
  { title: "any emoji is a reaction, found by its name", play: emoji },
  { title: "messages are chosen, passed on, deleted and brought back", play: passingOn },
  { title: "a finger that pulls a message answers it", play: swiping },
  { title: "messages and chats are found again", play: searching },
  { title: "a chat is pinned, muted, marked and cleared from the list", play: listing },
  { title: "a long list of chats is drawn where one looks", play: longList },
  { title: "a whole talk without a mouse", play: keysOnly },
  { title: "axe finds nothing in light, dark and high contrast", play: axeOnAll },
  { title: "nothing is lost at 320 pixels, and everything can be hit", play: narrow },
  { title: "a draft is there again, also on another device", play: drafts },
  { title: "a reload keeps the session and the open chat", play: reloaded },
  { title: "offline is told, and what was written is sent after", play: offline },
  { title: "a refused message can be deleted", play: refused },
  {
    title: "messages written offline survive a reload and are sent once",
    play: sendingThroughReload,
  },
  { title: "a server that is killed and started again loses nothing", play: serverAway },
  { title: "what is read offline stays read", play: readOffline },
  { title: "two tabs have one socket, and the other takes over", play: manyTabs },
  { title: "log-out leaves nothing behind in any tab", play: nothingLeft },
  { title: "a new version is told of and used on demand", play: newVersion },
  { title: "the news of a version covers nothing, on both sizes", play: newVersionInChat },
  { title: "installing is offered after the first message, once", play: offers },
  { title: "the content policy lets no other script run", play: policy },
  { title: "an address that leads nowhere leads to the app", play: lost },
  { title: "on a phone the chat is a page of its own", play: phone },
  { title: "developers see the frames of two people move", play: docs },
  { title: "the pages for developers on a phone, in Korean", play: docsOnPhone },
  { title: "whoever runs the server looks after it with a token", play: admin },
  { title: "the administration on a phone, in Korean", play: adminOnPhone },
  { title: "axe finds nothing on the pages for developers and operators", play: axeOnPages },
  { title: "the app for phones speaks to a server of its choice", play: phoneApp },
];
