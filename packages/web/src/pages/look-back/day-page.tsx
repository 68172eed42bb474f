import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { lookBack } from "../../words/pages/looking/look-back.ts";
import { rememberedWords } from "../../words/pages/looking/remembered.ts";
import { calendarDayText } from "../../words/values.ts";
import { RememberedCard } from "./remembered.tsx";

/** What was said on this day of the calendar in earlier years. */
export function DayPage(): VNode {
  const words = say(lookBack);
  const today = new Date();
  const loaded = useLoaded(
    () => desk.thisDay.years({ month: today.getMonth(), day: today.getDate() }, today.getFullYear()),
    [today.toDateString()],
  );
  const { value, error } = loaded.value;
  return (
    <>
      <h2>{say(rememberedWords).dayTitle(calendarDayText(today))}</h2>
      <p class="hint">{words.dayHint}</p>
      <Problem error={error} />
      {value === undefined && error === undefined && (
        <p class="hint" role="status">
          {words.looking}
        </p>
      )}
      {value?.length === 0 && <p class="empty">{words.dayNone}</p>}
      {value?.map((remembered) => (
        <RememberedCard key={remembered.year} remembered={remembered} level={3} />
      ))}
    </>
  );
}
