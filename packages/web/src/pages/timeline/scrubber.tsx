import { useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { LocalMonth } from "../../time/local-time.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { chats as chatWords } from "../../words/pages/chats.ts";
import { countText, monthName, monthText } from "../../words/values.ts";
import { yearsOf, type MonthEntry, type YearEntry } from "./months.ts";

interface ScrubberGiven {
  readonly collection: string;
  /** How many messages the chat has. */
  readonly messages: number;
  /** The month of what is seen. */
  readonly here: ReadonlySignal<LocalMonth | undefined>;
  readonly onPick: (timeMs: number) => void;
}

/** A longer chat is not read for its density alone: what its segments say of it will do. It is counted after the rest. */
const MOST_COUNTED = 50_000;

/** The years and months of a chat beside its messages, each with how much was said; on a phone, an edge that opens. */
export function Scrubber({ collection, messages, here, onPick }: ScrubberGiven): VNode | null {
  const words = say(chatWords);
  const about = useLoaded(() => desk.sums.aboutDays(collection), [collection]);
  const isCounting = useComputed(() => messages <= MOST_COUNTED && here.value !== undefined).value;
  const counted = useLoaded(
    async () => (isCounting ? desk.sums.days(collection) : undefined),
    [collection, isCounting],
  );
  const days = counted.value.value ?? about.value.value;
  const years = useComputed(() => {
    const shown = counted.value.value ?? about.value.value;
    return shown === undefined ? [] : yearsOf(shown);
  });
  const isOpen = useSignal(false);
  if (days === undefined || years.value.length === 0) return null;
  const given = { years: years.value, here, isCounted: counted.value.value !== undefined };
  return (
    <>
      <nav class="scrubber" aria-label={words.byDate}>
        <Years {...given} onPick={onPick} />
      </nav>
      <button
        type="button"
        class="scrub-edge"
        aria-label={words.chooseMonth}
        aria-haspopup="dialog"
        onClick={() => (isOpen.value = true)}
      >
        <Edge years={years.value} here={here} />
      </button>
      {isOpen.value && (
        <MonthsOver onClose={() => (isOpen.value = false)}>
          <Years
            {...given}
            onPick={(timeMs) => {
              isOpen.value = false;
              onPick(timeMs);
            }}
          />
        </MonthsOver>
      )}
    </>
  );
}

function MonthsOver(given: { readonly children: VNode; readonly onClose: () => void }): VNode {
  const words = say(chatWords);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("[aria-current]")?.focus();
  }, []);
  return (
    <dialog ref={dialog} class="months-over" aria-label={words.chooseMonth} onClose={given.onClose}>
      {given.children}
      <p class="actions">
        <button type="button" onClick={given.onClose}>
          {words.closeMonths}
        </button>
      </p>
    </dialog>
  );
}

interface YearsGiven {
  readonly years: readonly YearEntry[];
  readonly here: ReadonlySignal<LocalMonth | undefined>;
  /** Whether the numbers are those of the messages; else only the bars are shown, which are about right. */
  readonly isCounted: boolean;
  readonly onPick: (timeMs: number) => void;
}

function Years({ years, here, isCounted, onPick }: YearsGiven): VNode {
  const list = useRef<HTMLOListElement>(null);
  const month = here.value;
  const hereYear = month === undefined ? years.at(-1)?.year : Math.floor(month / 12);
  const mostYear = Math.max(...years.map(({ messages }) => messages));
  const mostMonth = Math.max(...years.flatMap(({ months }) => months.map(({ messages }) => messages)));
  useEffect(() => {
    list.current?.querySelector("[aria-current='date']")?.scrollIntoView({ block: "nearest" });
  }, [month]);
  return (
    <ol class="years" ref={list}>
      {years.map(({ year, messages, months }) => (
        <li key={year}>
          <Place
            text={String(year)}
            label={String(year)}
            entry={{ month: year * 12, messages, startMs: months[0]!.startMs }}
            most={mostYear}
            given={{ isCounted, onPick }}
            isHere={false}
            isOpen={year === hereYear}
          />
          {year === hereYear && (
            <ol>
              {months.map((entry) => (
                <li key={entry.month}>
                  <Place
                    text={monthName(entry.month % 12)}
                    label={monthText(year, entry.month % 12, "short")}
                    entry={entry}
                    most={mostMonth}
                    given={{ isCounted, onPick }}
                    isHere={entry.month === month}
                  />
                </li>
              ))}
            </ol>
          )}
        </li>
      ))}
    </ol>
  );
}

interface PlaceGiven {
  readonly text: string;
  readonly label: string;
  readonly entry: MonthEntry;
  readonly most: number;
  readonly given: Pick<YearsGiven, "isCounted" | "onPick">;
  readonly isHere: boolean;
  /** Of a year: whether its months are shown. */
  readonly isOpen?: boolean;
}

/** A year or a month that one goes to by pressing it, or by passing over it with the button held. */
function Place({ text, label, entry, most, given, isHere, isOpen }: PlaceGiven): VNode {
  const words = say(chatWords);
  const go = (): void => given.onPick(entry.startMs);
  return (
    <button
      type="button"
      class={isOpen === undefined ? "scrub-month" : "scrub-year"}
      aria-label={given.isCounted ? words.inMonth(label, countText(entry.messages)) : label}
      aria-current={isHere ? "date" : undefined}
      aria-expanded={isOpen}
      onClick={go}
      onPointerEnter={({ buttons, pointerType }) => {
        if (pointerType === "mouse" && buttons === 1) go();
      }}
    >
      <span>{text}</span>
      <svg class="density" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect width={Math.max(2, (100 * entry.messages) / most)} height="6" />
      </svg>
    </button>
  );
}

/** All months in one line from top to bottom, each as wide as much was said. */
function Edge({ years, here }: Pick<YearsGiven, "years" | "here">): VNode {
  const months = years.flatMap((year) => year.months);
  const [first, last] = [months[0]!.month, months.at(-1)!.month];
  const most = Math.max(...months.map(({ messages }) => messages));
  return (
    <svg viewBox={`0 0 20 ${last - first + 1}`} preserveAspectRatio="none" aria-hidden="true">
      {months.map(({ month, messages }) => {
        const width = Math.max(2, (20 * messages) / most);
        const isHere = month === here.value;
        return (
          <rect
            key={month}
            class={isHere ? "here" : undefined}
            x={isHere ? 0 : 20 - width}
            y={month - first}
            width={isHere ? 20 : width}
            height="1"
          />
        );
      })}
    </svg>
  );
}
