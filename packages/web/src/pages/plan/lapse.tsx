import type { VNode } from "preact";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { to } from "../../state/route.ts";
import { lapseWords } from "../../words/plan/lapse.ts";
import { sizeText } from "../../words/values.ts";
import { Ahead } from "./ahead.tsx";
import { dayText, lastDayText } from "./days.ts";

/** Restoring and exporting stay free at least so long after the paid end. */
const EXPORT_DAYS = 180;

/** Little room is left: what takes it, and plans. Nothing where there is enough. */
function NearlyFull(): VNode | null {
  const words = say(lapseWords);
  const full = useLoaded(() => desk.plan.nearlyFull(), []).value.value;
  if (full === undefined) return null;
  const { usedBytes, quotaBytes } = full;
  return (
    <section class="card" aria-label={words.nearlyFull}>
      <h2>{words.nearlyFull}</h2>
      <p>{words.used(sizeText(usedBytes), sizeText(quotaBytes))}</p>
      <div class="actions">
        <a class="button" href={to("storage")}>
          {words.whatFills}
        </a>
        <a class="button" href={to("plan", ["choose"])}>
          {words.choose}
        </a>
      </div>
    </section>
  );
}

/** What happens now that the paid time is over, and until when; nothing where it is not. */
export function Lapse(): VNode | null {
  const words = say(lapseWords);
  // Whoever cannot ask now sees the rest of the page, and what the server last sent by mail.
  const loaded = useLoaded(() => desk.plan.lapse(), []).value;
  const lapse = loaded.value;
  if (lapse === undefined) return "value" in loaded ? <NearlyFull /> : null;
  const { state, endDay, isOver } = lapse;
  return (
    <section class="card lapse" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p>
        {words.ended(lastDayText(endDay))}{" "}
        {state === "removing" || state === "returning"
          ? words[state]
          : isOver
            ? words.lapsed(dayText(endDay + EXPORT_DAYS))
            : words.within}
      </p>
      <Ahead />
      <div class="actions">
        <a class="button" href={to("take-out")}>
          {words.takeOut}
        </a>
        <a class="button" href={to("plan", ["choose"])}>
          {words.choose}
        </a>
      </div>
    </section>
  );
}
