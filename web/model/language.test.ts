import { expect, test } from "bun:test";
import { bothWords, memoryKeep } from "../testing/context.ts";
import { createSpeech } from "./language.ts";

const localeOf = (...wanted: string[]): string =>
  createSpeech(wanted, memoryKeep(), bothWords).locale.value;

test("times are written as they are where the person lives, in the language of the page", () => {
  expect(localeOf("en-GB", "ko-KR")).toBe("en-GB");
  const speech = createSpeech(["ko-KR", "fr", "en-AU", "en-US"], memoryKeep(), bothWords);
  expect(speech.locale.value).toBe("ko-KR");
  speech.toggle();
  expect(speech.locale.value).toBe("en-AU");
});

test("without such a wish, or with one that is no tag, it is the language alone", () => {
  expect([localeOf(), localeOf("fr-FR"), localeOf("en-US@posix")]).toEqual(["en", "en", "en"]);
});
