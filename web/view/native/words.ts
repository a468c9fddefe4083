/** The few words that only the app for phones says. */
import type { Language } from "../../model/strings/strings.ts";
import type { ChannelNames } from "./push.ts";

export type NativeWords = {
  where: string;
  hint: string;
  address: string;
  go: string;
  looking: string;
  noAddress: string;
  noServer: string;
  notifications: ChannelNames;
};

export const NATIVE_WORDS: Record<Language, NativeWords> = {
  en: {
    where: "Where is your Damso?",
    hint: "The address of the server that you and your friends use. Whoever invited you knows it.",
    address: "Address",
    go: "Continue",
    looking: "Looking…",
    noAddress: "That is no address. It looks like chat.example.org, and is reached by https.",
    noServer: "No Damso answers there.",
    notifications: { messages: "Messages", quiet: "Messages in quiet hours" },
  },
  ko: {
    where: "담소 서버가 어디에 있나요?",
    hint: "나와 친구들이 쓰는 서버의 주소예요. 초대한 사람에게 물어보세요.",
    address: "주소",
    go: "계속",
    looking: "찾는 중…",
    noAddress: "주소가 아니에요. chat.example.org 같은 모양이고, https로 열려야 해요.",
    noServer: "그곳에는 담소 서버가 없어요.",
    notifications: { messages: "메시지", quiet: "방해 금지 시간의 메시지" },
  },
};
