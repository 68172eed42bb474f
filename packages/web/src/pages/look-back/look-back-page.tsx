import type { VNode } from "preact";
import { say } from "../../state/language.ts";
import { route, to } from "../../state/route.ts";
import { lookBack } from "../../words/pages/looking/look-back.ts";
import { DayPage } from "./day-page.tsx";
import { YearPage } from "./year-page.tsx";

/** A year as it went by, or this day in other years. */
export function LookBackPage(): VNode {
  const words = say(lookBack);
  const [which] = route.value.rest;
  const isDay = which === "day";
  return (
    <section class="page look-back">
      <h1>{words.title}</h1>
      <nav class="tabs" aria-label={words.title}>
        <a href={to("look-back")} aria-current={isDay ? undefined : "page"}>
          {words.tabs.year}
        </a>
        <a href={to("look-back", ["day"])} aria-current={isDay ? "page" : undefined}>
          {words.tabs.day}
        </a>
      </nav>
      {isDay ? <DayPage /> : <YearPage />}
    </section>
  );
}
