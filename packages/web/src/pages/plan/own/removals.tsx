import type { VNode } from "preact";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { useLoaded } from "../../../state/loaded.ts";
import { ownWords } from "../../../words/plan/own.ts";
import { countText, longDayText, sizeText } from "../../../words/values.ts";

/** What the server signed for what it removed. */
export function Removals(): VNode {
  const words = say(ownWords);
  const { value, error } = useLoaded(() => desk.papers.removals(), []).value;
  return (
    <details class="way">
      <summary>{words.removals}</summary>
      <Problem error={error} />
      {value?.length === 0 && <p>{words.removalsNone}</p>}
      <ul class="plain-list">
        {value?.map(({ receipt, objects, bytes, endedMs, signature }) => (
          <li key={receipt}>
            <span>{words.removal(countText(objects), sizeText(bytes))}</span>
            <span class="when">{longDayText(endedMs)}</span>
            <span class="hint whole address">{signature}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
