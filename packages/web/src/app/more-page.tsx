import type { VNode } from "preact";
import { Icon } from "../parts/icons.tsx";
import { isSample, lock } from "../state/arrival.ts";
import { say } from "../state/language.ts";
import { to } from "../state/route.ts";
import { frame, titles } from "../words/frame.ts";
import { otherPages } from "./pages.tsx";

/** The pages that have no place at the bottom of a phone. */
export function MorePage(): VNode {
  const words = say(frame);
  return (
    <section class="page">
      <h1>{say(titles.more)}</h1>
      <ul class="plain-list more">
        {otherPages().map(({ name, icon, title }) => (
          <li key={name}>
            <a href={to(name)}>
              <Icon name={icon} />
              {say(title)}
            </a>
          </li>
        ))}
        <li>
          <button type="button" class="plain" onClick={() => void lock()}>
            <Icon name="lock" /> {isSample.value ? words.leaveSample : words.lock}
          </button>
        </li>
      </ul>
    </section>
  );
}
