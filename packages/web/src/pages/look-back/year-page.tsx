import { kindEntry } from "@keepsake/core/model";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { download } from "../../parts/download.ts";
import { HeatMap } from "../../parts/heat-map.tsx";
import { desk } from "../../state/desk.ts";
import { language, say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { dayStartMs } from "../../time/local-time.ts";
import { go, route, to } from "../../state/route.ts";
import { near } from "../../threads/calls.ts";
import { shownTitle } from "../../words/names.ts";
import { lookBack } from "../../words/pages/looking/look-back.ts";
import { countText, longDayText } from "../../words/values.ts";
import type { FirstMessage, Year } from "../../worker/look/sums/year.ts";
import { heatCells, monthMarks, weekdayMarks } from "./calendar.ts";
import { yearImage } from "./year-image.ts";

/** A year in numbers, all counted here. */
export function YearPage(): VNode {
  const words = say(lookBack);
  const { year: asked } = route.value.query;
  const told = useSignal(0);
  const loaded = useLoaded(async () => {
    const report = near(
      (event: { readonly type: string; readonly done?: { readonly messages?: number } }) => {
        told.value = event.done?.messages ?? told.value;
      },
    );
    return (await desk.sums.year(asked === undefined ? undefined : Number(asked), report)) ?? null;
  }, [asked]);
  const { value: year, error } = loaded.value;
  return (
    <>
      <Problem error={error} />
      {year === undefined && error === undefined && (
        <p class="hint" role="status">
          {words.counting(countText(told.value))}
        </p>
      )}
      {year === null && <p class="empty">{words.none}</p>}
      {year !== undefined && year !== null && <About year={year} />}
    </>
  );
}

function About({ year: all }: { readonly year: Year }): VNode {
  const words = say(lookBack);
  const { year, years, messages, yours, activeDays, streak, first, kinds, people, chats } = all;
  const kindsNamed = kinds.map(({ name, messages: count }) => {
    return { name: kindEntry(name)?.label[language.value] ?? name, messages: count };
  });
  const chatsNamed = chats.map(({ name, messages: count }) => ({ name: shownTitle(name), messages: count }));
  return (
    <>
      <div class="dates">
        <label class="date-field">
          {words.year}
          <select onChange={({ currentTarget: { value } }) => go(to("look-back", [], { year: value }), true)}>
            {years.map((each) => (
              <option key={each} value={each} selected={each === year}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={() => void save(all)}>
          {words.save}
        </button>
      </div>
      <p class="hint">{words.local}</p>
      <h2>{words.heading(year)}</h2>
      <ul class="facts card">
        <li>{words.messages(countText(messages), countText(yours))}</li>
        <li>{words.active(countText(activeDays))}</li>
        {streak.days > 1 && (
          <li>{words.streak(countText(streak.days), longDayText(dayStartMs(streak.from)))}</li>
        )}
      </ul>
      {first !== undefined && <First first={first} />}
      <Days year={all} />
      <Hours hours={all.hours} />
      <Listed title={words.people} entries={people} isPrivate />
      <Listed title={words.chats} entries={chatsNamed} isPrivate />
      <Listed title={words.kinds} entries={kindsNamed} />
    </>
  );
}

async function save(year: Year): Promise<void> {
  download(await yearImage(year), `keepsake-${year.year}.png`);
}

function First({ first }: { readonly first: FirstMessage }): VNode {
  const words = say(lookBack);
  const { collection, title, sent, kind, text } = first;
  return (
    <section class="card">
      <h3>{words.first}</h3>
      <p class="private said-then">{text === "" ? kindEntry(kind)?.label[language.value] : text}</p>
      <p class="hint">
        <span class="private">{shownTitle(title)}</span> ·{" "}
        <a href={to("chats", [collection], { on: String(sent) })}>{longDayText(sent)}</a>
      </p>
    </section>
  );
}

function Days({ year: { year, firstDay, perDay, activeDays } }: { readonly year: Year }): VNode {
  const words = say(lookBack);
  const most = Math.max(...perDay);
  const dayOf = (place: number): string => longDayText(dayStartMs(firstDay + place));
  const label = words.heatSays(year, countText(activeDays), countText(most), dayOf(perDay.indexOf(most)));
  const cells = heatCells(firstDay, perDay).map(({ place, ...cell }) => {
    return { ...cell, title: words.onDay(dayOf(place), countText(cell.count)) };
  });
  return (
    <section class="bars">
      <h3>{words.heat}</h3>
      <div class="heat-year" tabIndex={0} role="group" aria-label={words.heat}>
        <HeatMap
          cells={cells}
          columns={54}
          rows={7}
          label={label}
          columnNames={monthMarks(firstDay)}
          rowNames={weekdayMarks()}
        />
      </div>
    </section>
  );
}

function Hours({ hours }: Pick<Year, "hours">): VNode {
  const words = say(lookBack);
  const most = Math.max(1, ...hours);
  return (
    <section class="bars">
      <h3>{words.hours}</h3>
      <ol class="hours">
        {hours.map((count, hour) => (
          <li key={hour}>
            <span class="unseen">{words.hour(hour, countText(count))}</span>
            <svg viewBox="0 0 10 60" preserveAspectRatio="none" aria-hidden="true">
              <rect x="1" width="8" y={60 - (60 * count) / most} height={(60 * count) / most} />
            </svg>
            <span aria-hidden="true">{hour % 6 === 0 ? hour : ""}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface ListedGiven {
  readonly title: string;
  readonly entries: readonly { readonly name: string; readonly messages: number }[];
  readonly isPrivate?: boolean;
}

function Listed({ title, entries, isPrivate }: ListedGiven): VNode | null {
  if (entries.length === 0) return null;
  const most = Math.max(1, ...entries.map(({ messages }) => messages));
  return (
    <section class="bars">
      <h3>{title}</h3>
      <ol class="plain-list">
        {entries.map(({ name, messages }, i) => (
          <li key={i}>
            <span class={isPrivate === true ? "private" : undefined}>{name}</span>
            <span class="hint">{countText(messages)}</span>
            <meter min={0} max={most} value={messages} aria-hidden="true" />
          </li>
        ))}
      </ol>
    </section>
  );
}
