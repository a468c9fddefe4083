/** The few words of a notification, in the languages of the page. */

export type Words = {
  /** Of a message that is not to be quoted. */
  new_message: string;
  new_messages: (count: number) => string;
  picture: string;
  video: string;
  audio: string;
  file: string;
  group: string;
  test_title: string;
  test_body: string;
};

const en: Words = {
  new_message: "New message",
  new_messages: (count) => `${count} new messages`,
  picture: "Picture",
  video: "Video",
  audio: "Recording",
  file: "File",
  group: "Group",
  test_title: "Damso",
  test_body: "Notifications reach this device.",
};

const ko: Words = {
  new_message: "새 메시지",
  new_messages: (count) => `새 메시지 ${count}개`,
  picture: "사진",
  video: "동영상",
  audio: "녹음",
  file: "파일",
  group: "그룹",
  test_title: "담소",
  test_body: "이 기기에서 알림을 받을 수 있어요.",
};

/** Those of a language tag; English for a language that there are none for. */
export function wordsOf(locale: string | undefined): Words {
  return /^ko\b/i.test(locale ?? "") ? ko : en;
}
