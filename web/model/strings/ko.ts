import { shellKo } from "./shell-ko.ts";
import type { Strings } from "./strings.ts";
import { talkKo } from "./talk-ko.ts";

const YOU = "나";
const subject = (who: string): string => (who === YOU ? "내가" : `${who}님이`);
const object = (who: string): string => (who === YOU ? "나를" : `${who}님을`);

/** 으로 after a syllable that ends in a consonant other than ㄹ; of letters of other alphabets nobody knows the sound. */
function towards(word: string): string {
  const end = (word.codePointAt(word.length - 1) ?? 0) - 0xac00;
  if (end < 0 || end >= 11_172) return "(으)로";
  return end % 28 === 0 || end % 28 === 8 ? "로" : "으로";
}

export const ko: Strings = {
  tagline: "둘이서도, 백 명이서도. 편안한 대화, 담소.",
  tryIt: "두 사람이 되어 바로 체험하기",
  signUp: "가입하기",
  logIn: "로그인",
  logOut: "로그아웃",
  name: "이름",
  username: "아이디",
  password: "비밀번호",
  showPassword: "비밀번호 보기",
  capsLock: "Caps Lock이 켜져 있어요",
  settings: "설정",
  photos: (count) => (count === 1 ? "사진" : `사진 ${count}장`),
  attach: "사진이나 파일 보내기",
  youBlocked: (name) => `${name}님을 차단했어요.`,
  unblock: "차단 해제",
  accountGone: "상대가 탈퇴해서 더는 대화할 수 없어요.",
  back: "뒤로",
  close: "닫기",
  cancel: "취소",
  save: "저장",
  otherLanguage: "English",

  demoNames: ["지우", "Sam"],
  demoHello: (name) => `안녕하세요, ${name}! 반가워요. 👋`,

  chats: "대화",
  newChat: "새 대화",
  noChats: "아직 대화가 없어요. 이야기할 사람을 찾아보세요.",
  findMe: (username) => `친구는 @${username} 아이디로 나를 찾을 수 있어요`,
  pickChat: "대화를 고르거나 새로 시작해 보세요.",
  you: YOU,
  notesToSelf: "나와의 대화",
  nobodyFound: (username) => `‘${username}’ 아이디를 쓰는 사람이 없어요.`,
  removeName: (name) => `${name} 빼기`,
  unread: (count) => `안 읽은 메시지 ${count}개`,
  mentioned: "나를 부른 메시지가 있어요",
  muted: "알림 끔",
  draft: "쓰던 글",

  online: "접속 중",
  offline: "오프라인",
  lastSeen: (ago) => `${ago} 접속`,
  justNow: "방금",
  members: (count) => `${count}명`,
  typing: (names) =>
    names.length <= 2
      ? `${names.map((name) => `${name}님`).join(", ")}이 입력 중`
      : `${names.slice(0, 2).join(", ")}님 외 여러 명이 입력 중`,
  someone: "누군가",
  deletedUser: "탈퇴한 사용자",
  today: "오늘",
  yesterday: "어제",

  connecting: "연결 중…",
  offlineBar: "오프라인이에요. 다시 연결되면 메시지를 보낼게요",
  waitingBar: "연결이 끊겼어요. 다시 시도하는 중…",
  replacedBar: "다른 탭에서 담소를 쓰고 있어요.",
  useHere: "여기서 쓰기",
  endedBar: "로그아웃되었어요.",
  failedToLoad: "불러오지 못했어요.",
  tryAgain: "다시 시도",

  tick: {
    waiting: "보내는 중",
    stored: "보냄",
    delivered: "도착함",
    read: "읽음",
    failed: "보내지 못함",
  },
  seen: "읽음",
  retry: "다시 보내기",
  delete: "삭제",
  edited: "수정됨",
  pinned: "고정됨",
  deletedMessage: "삭제된 메시지예요",
  newerVersion: "담소를 업데이트해야 볼 수 있는 메시지예요",
  unavailable: "더는 볼 수 없는 메시지예요",
  newMessages: "여기부터 새 메시지",
  showAll: (length) =>
    length === undefined ? "전체 보기" : `전체 보기 (${length.toLocaleString("ko")}자)`,
  showLess: "접기",
  toBottom: (unread) =>
    unread > 0 ? `최신 메시지로, 안 읽은 메시지 ${unread}개` : "최신 메시지로",
  loadingOlder: "메시지를 불러오는 중…",
  startOfChat: "여기서 이야기가 시작돼요.",

  message: "메시지",
  write: "메시지를 입력하세요",
  send: "보내기",
  actions: "메시지 메뉴",
  reply: "답장",
  replyingTo: (name) => (name === YOU ? "나에게 답장" : `${name}님에게 답장`),
  copy: "복사",
  edit: "수정",
  editing: "메시지 수정",
  pin: "고정",
  unpin: "고정 해제",
  deleteForMe: "나에게서만 삭제",
  deleteForAll: "모두에게서 삭제",
  react: (emoji) => `${emoji} 공감`,
  reactedBy: (emoji, names) => `${emoji} ${names}`,
  everyone: "모두",
  mention: "부를 사람",
  jumpToPinned: "고정된 메시지 보기",

  chatInfo: "대화 정보",
  role: { owner: "방장", admin: "관리자", member: "참여자" },

  said: (name, text) => `${name}: ${text}`,
  saidMany: (count) => `새 메시지 ${count}개`,
  talk: talkKo,
  system: {
    created: (by, name) =>
      name === ""
        ? `${subject(by)} 그룹을 만들었어요`
        : `${subject(by)} ‘${name}’ 그룹을 만들었어요`,
    joined: (by, users, self) =>
      self ? `${subject(users)} 들어왔어요` : `${subject(by)} ${object(users)} 초대했어요`,
    left: (by) => `${subject(by)} 나갔어요`,
    removed: (by, users) => `${subject(by)} ${object(users)} 내보냈어요`,
    renamed: (by, name) => `${subject(by)} 그룹 이름을 ‘${name}’${towards(name)} 바꿨어요`,
    avatar: (by) => `${subject(by)} 사진을 바꿨어요`,
    role: (by, users, role) => `${subject(by)} ${object(users)} ${role}${towards(role)} 정했어요`,
    settings: (by) => `${subject(by)} 설정을 바꿨어요`,
  },
  shell: shellKo,
  errors: {
    username_taken: "이미 쓰고 있는 아이디예요.",
    invalid_username: "아이디는 영문 소문자, 숫자, 점, 붙임표, 밑줄 3~32자예요.",
    wrong_credentials: "아이디나 비밀번호가 맞지 않아요.",
    invalid: "입력한 내용을 다시 확인해 주세요.",
    too_long: "너무 길어요.",
    empty: "내용이 없어요.",
    rate_limited: "조금 빨라요. 잠시 뒤에 다시 해 주세요.",
    busy: "서버가 바빠요. 잠시 뒤에 다시 해 주세요.",
    disconnected: "서버가 응답하지 않아요.",
    timeout: "서버가 응답하지 않아요.",
    group_full: "그룹이 가득 찼어요.",
    forbidden: "권한이 없어요.",
    blocked: "서로 메시지를 보낼 수 없어요.",
    not_member: "이 대화에 더는 참여하고 있지 않아요.",
    not_found: "찾을 수 없어요.",
    unavailable: "서버가 잠시 쉬고 있어요. 잠시 뒤에 다시 해 주세요.",
    too_large: "너무 커요.",
    queue_full: "보낼 메시지가 너무 많이 밀렸어요. 연결을 기다려 주세요.",
    store_failed: "이 브라우저에 메시지를 저장할 공간이 없어요.",
  },
  somethingWrong: "문제가 생겼어요. 다시 시도해 주세요.",
};
