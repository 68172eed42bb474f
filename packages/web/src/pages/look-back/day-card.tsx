import type { VNode } from "preact";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { to } from "../../state/route.ts";
import { rememberedWords } from "../../words/pages/looking/remembered.ts";
import { calendarDayText } from "../../words/values.ts";
import { RememberedCard } from "./remembered.tsx";

/** Chats that are looked at for the home page: those with most messages. */
const MOST_CHATS = 24;

/** The day on which most was said, of this day in earlier years; nothing where there is none, or it cannot be read now. */
export function DayCard(): VNode | null {
  const words = say(rememberedWords);
  const today = new Date();
  const day = { month: today.getMonth(), day: today.getDate() };
  const loaded = useLoaded(() => desk.thisDay.years(day, today.getFullYear(), MOST_CHATS), []);
  const found = loaded.value.value ?? [];
  const best = found.toSorted((a, b) => b.messages - a.messages || b.year - a.year)[0];
  if (best === undefined) return null;
  return (
    <section class="this-day" aria-label={words.dayTitle(calendarDayText(today))}>
      <h2>{words.dayTitle(calendarDayText(today))}</h2>
      <RememberedCard remembered={best} level={3} />
      {found.length > 1 && (
        <p>
          <a href={to("look-back", ["day"])}>{words.more}</a>
        </p>
      )}
    </section>
  );
}
