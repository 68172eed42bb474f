import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../parts/icons.tsx";
import { arrival, askWhoRuns, isSample, lock } from "../state/arrival.ts";
import { say } from "../state/language.ts";
import { route, to } from "../state/route.ts";
import { showNewest, shownVersion } from "../state/version.ts";
import { byPasskey } from "../words/keys/by-passkey.ts";
import { frame, titles } from "../words/frame.ts";
import { oldVersion } from "../words/old-version.ts";
import { longDayText } from "../words/values.ts";
import { KeyHelp } from "./key-help.tsx";
import { listenToKeys } from "./keyboard.ts";
import { MorePage } from "./more-page.tsx";
import { listedPages, pageOf } from "./pages.tsx";
import { edition, isAway, watch } from "./watch.ts";

/** What is there once a history is open: the way between pages, and the page. */
export function Inside(): VNode {
  const words = say(frame);
  const here = route.value.page;
  const Page = here === "more" ? MorePage : pageOf(here).Page;
  useEffect(() => listenToKeys(), []);
  useEffect(() => watch(), []);
  useEffect(() => void (isSample.value || askWhoRuns()), []);
  return (
    <div class="inside">
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <nav aria-label={words.navigation}>
        {listedPages().map(({ name, icon, title, isFirst }) => (
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
        <a class="first phone-only" href={to("more")} aria-current={here === "more" ? "page" : undefined}>
          <Icon name="more" />
          <span>{say(titles.more)}</span>
        </a>
        <button type="button" onClick={() => void lock()}>
          <Icon name="lock" />
          <span>{isSample.value ? words.leaveSample : words.lock}</span>
        </button>
      </nav>
      <main id="main" tabIndex={0}>
        {isSample.value && <p class="banner">{words.sampleBanner}</p>}
        {isAway.value && (
          <p class="banner" role="status">
            {words.away}
          </p>
        )}
        <ReadingOnly />
        <OldVersion />
        <Page key={`${shownVersion.value?.number ?? "newest"} ${edition.value}`} />
      </main>
      <KeyHelp />
    </div>
  );
}

/** Says that nothing can be put in here. */
function ReadingOnly(): VNode | null {
  const words = say(byPasskey);
  if (arrival.value?.isReading !== true) return null;
  return (
    <p class="banner">
      {words.reading} <a href={to("security")}>{words.readingMore}</a>
    </p>
  );
}

/** Says that what is seen is not the newest. */
function OldVersion(): VNode | null {
  const words = say(oldVersion);
  if (shownVersion.value === undefined) return null;
  return (
    <p class="banner" role="status">
      {words.old(longDayText(shownVersion.value.timeMs))}{" "}
      <button type="button" class="plain small" onClick={() => void showNewest()}>
        {words.newest}
      </button>
    </p>
  );
}
