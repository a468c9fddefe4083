import type { ShellWords } from "./shell.ts";

export const shellKo: ShellWords = {
  update: "새 버전이 나왔어요.",
  reload: "새로고침",
  install: "담소를 앱으로 설치하면 더 가까이 두고 쓸 수 있어요.",
  installButton: "설치",
  installByMenu: "담소를 더 가까이: 공유를 누르고 ‘홈 화면에 추가’를 고르세요.",
  notify: "놓친 메시지가 있었어요. 다음부터 알려 드릴까요?",
  notifyButton: "알림 받기",
  notNow: "나중에",
  newMessage: "새 메시지",
  understood: "확인",
  restarting: "서버 재시작 중이에요. 잠시만요…",
};
