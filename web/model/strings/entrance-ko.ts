import type { Entrance } from "./entrance.ts";

export const entranceKo: Entrance = {
  invited: "초대를 받았어요. 가입하거나 로그인하면 이어집니다.",
  tryItHint: "가입 없이, 양쪽을 모두 직접 해 보세요.",
  usernameHint: "영문 소문자, 숫자, 점, 붙임표, 밑줄 3~32자",
  passwordHint: "8자 이상",
  haveAccount: "이미 계정이 있어요",
  noAccount: "처음이에요",
  demoTitle: "한 화면에 두 사람. 어느 쪽에서든 말을 걸어 보세요.",
  demoPane: (name) => `${name}의 화면`,
  demoStarting: "두 사람을 부르는 중…",
  demoOver: "두 사람은 집에 돌아갔어요.",
  startAgain: "다시 시작",
  endDemo: "체험 끝내기",

  byCode: {
    button: "QR 코드로 로그인",
    title: "QR 코드로 로그인",
    steps: [
      "담소에 로그인되어 있는 다른 기기를 준비하세요.",
      "그 기기의 카메라로 이 코드를 찍거나, 설정의 ‘기기’에 주소를 붙여 넣으세요.",
      "그 기기에서 ‘로그인 허용’을 누르세요.",
    ],
    qr: "로그인 QR 코드",
    starting: "코드를 준비하는 중…",
    waiting: "다른 기기에서 허용하기를 기다리는 중",
    left: (time) => `${time} 동안 쓸 수 있어요`,
    copy: "주소 복사",
    copied: "복사됨",
    refused: "다른 기기에서 거절했어요.",
    refusedText: "로그인되지 않았어요.",
    over: "코드를 쓸 수 있는 시간이 지났어요.",
    again: "새 코드 보기",
    password: "비밀번호로 로그인",
    first: "새 기기에서 로그인하려고 해요. 여기서 먼저 로그인하면 허용할지 물어볼게요.",
  },
};
