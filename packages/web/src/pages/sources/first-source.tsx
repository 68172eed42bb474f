import type { VNode } from "preact";
import { say } from "../../state/language.ts";
import { go, to } from "../../state/route.ts";
import { sources } from "../../words/pages/sources.ts";
import { ChooseSource } from "./choose-source.tsx";

/** Where who has no history here yet puts the first one in. */
export function FirstSource(): VNode {
  return (
    <>
      <p class="lead">{say(sources).lead}</p>
      <ChooseSource onFound={() => go(to("sources"))} />
    </>
  );
}
