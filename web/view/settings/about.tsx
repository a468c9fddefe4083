import type { VNode } from "preact";
import { Logo } from "../icons.tsx";
import { useScreens } from "../parts/words.ts";

export function AboutPage(): VNode {
  const words = useScreens().about;
  return (
    <div class="about">
      <Logo />
      <h3>
        Damso <span lang="ko">담소</span>
      </h3>
      <p>{words.text}</p>
      <small>{words.openSource}</small>
      <a class="button" href="/docs" target="_blank" rel="noopener">
        {words.docs}
      </a>
    </div>
  );
}
