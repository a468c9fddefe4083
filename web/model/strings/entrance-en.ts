import type { Entrance } from "./entrance.ts";

export const entranceEn: Entrance = {
  invited: "You have been invited. Sign up or log in to go on.",
  tryItHint: "No account needed. You play both.",
  usernameHint: "3 to 32 of a–z, 0–9, dot, dash, underscore",
  passwordHint: "At least 8 characters",
  haveAccount: "I have an account",
  noAccount: "I am new here",
  demoTitle: "Two people, one screen. Write on either side.",
  demoPane: (name) => `${name}’s window`,
  demoStarting: "Inviting two people…",
  demoOver: "These two have gone home.",
  startAgain: "Start again",
  endDemo: "End the demo",

  byCode: {
    button: "Log in with a QR code",
    title: "Log in with a QR code",
    steps: [
      "Take a device on which you are logged in to Damso.",
      "Scan this code with its camera, or paste its address there under Settings, Devices.",
      "Allow it there.",
    ],
    qr: "QR code to log in with",
    starting: "Getting a code…",
    waiting: "Waiting for your other device",
    left: (time) => `Good for another ${time}`,
    copy: "Copy the address",
    copied: "Copied",
    refused: "Refused on your other device.",
    refusedText: "Nobody has been logged in.",
    over: "This code is over.",
    again: "Show a new code",
    password: "Log in with a password",
    first: "A new device wants to log in. Log in here first, then you are asked about it.",
  },
};
