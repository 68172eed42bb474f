import type { VNode } from "preact";
import { Icon } from "../parts/icons.tsx";
import { isSample, lock } from "../state/arrival.ts";
import { say } from "../state/language.ts";
import { route, to } from "../state/route.ts";
import { frame } from "../words/frame.ts";
import { pageOf, pages } from "./pages.tsx";

/** What is there once a history is open: the way between pages, and the page. */
export function Inside(): VNode {
  const words = say(frame);
  const here = route.value.page;
  const { Page } = pageOf(here);
  return (
    <div class="inside">
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <nav aria-label={words.navigation}>
        {pages.map(({ name, icon, title, isFirst }) => (
          <a
            key={name}
            class={isFirst ? "first" : undefined}
            href={to(name)}
            aria-current={here === name ? "page" : undefined}
          >
            <Icon name={icon} />
            <span>{say(title)}</span>
          </a>
        ))}
        <button type="button" onClick={() => void lock()}>
          <Icon name="lock" />
          <span>{isSample.value ? words.leaveSample : words.lock}</span>
        </button>
      </nav>
      <main id="main" tabIndex={-1}>
        {isSample.value && <p class="banner">{words.sampleBanner}</p>}
        <Page />
      </main>
    </div>
  );
}
