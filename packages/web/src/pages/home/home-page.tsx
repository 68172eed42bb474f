import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { arrival, isKitLater } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { checksOf, type Check } from "./light.ts";
import { LatestChats } from "./latest-chats.tsx";
import { found } from "../sources/under-way.ts";
import { DayCard } from "../look-back/day-card.tsx";
import { laterPage } from "../../app/later-page.tsx";
import { useLoaded } from "../../state/loaded.ts";
import { to } from "../../state/route.ts";
import { near } from "../../threads/calls.ts";
import { home } from "../../words/pages/home.ts";
import { countText, longDayText } from "../../words/values.ts";
import type { CareState } from "../../worker/act/care.ts";

const Lapse = laterPage(async () => (await import("../plan/lapse.tsx")).Lapse, { isQuiet: true });
const FirstSource = laterPage(async () => (await import("../other-pages.ts")).FirstSource);

/** One traffic light: whether the phone may be changed without worry, or what is still missing. */
export function HomePage(): VNode {
  const words = say(home);
  const done = useSignal(0);
  const care = useLoaded(() => desk.care.state(), [done.value]);
  const { value: state, error } = care.value;
  return (
    <section class="page home">
      <h1 class="unseen">{words.title}</h1>
      <Problem error={error} />
      {state !== undefined && !state.isSample && <Lapse />}
      {state !== undefined && <Light state={state} onDone={() => done.value++} />}
      {state !== undefined && state.messages > 0 && <LatestChats />}
      {state !== undefined && state.messages > 0 && <DayCard />}
    </section>
  );
}

function Light({ state, onDone }: { readonly state: CareState; readonly onDone: () => void }): VNode {
  const words = say(home);
  const checks = checksOf(state, Date.now());
  const missing = checks.filter((check) => check.state !== "ok").length;
  return (
    <>
      <div class={missing === 0 ? "light green" : "light amber"} role="status">
        <span class="lamp" aria-hidden="true">
          {missing === 0 ? "✓" : missing}
        </span>
        <div>
          <p class="light-title">{missing === 0 ? words.ready : words.missing}</p>
          <p class="hint">{words.kept(countText(state.messages), countText(state.attachments))}</p>
        </div>
      </div>
      {state.backedUpMs === undefined && <First />}
      <ul class="checks">
        {checks.map((check) => (
          <CheckLine key={check.name} check={check} state={state} onDone={onDone} />
        ))}
      </ul>
    </>
  );
}

/** Where the first history is put in, unless one is on its way or this browser only looks. */
function First(): VNode | null {
  if (found.value !== undefined || arrival.value?.isReading === true) return null;
  return <FirstSource />;
}

interface CheckGiven {
  readonly check: Check;
  readonly state: CareState;
  readonly onDone: () => void;
}

function CheckLine({ check: { name, state, atMs }, state: care, onDone }: CheckGiven): VNode {
  const waits = name === "card" ? waitingCard(care) : undefined;
  const toldMs = name === "backup" && state === "ok" ? (care.lastMessageMs ?? atMs) : atMs;
  const page = say(home);
  const words = page.checks[name];
  const todo = waits === undefined ? words.todo : page.cardWaits[waits];
  const text = state === "todo" ? todo : words[state](longDayText(toldMs ?? 0));
  return (
    <li class={`check-line ${state}`}>
      <span class="lamp small" aria-hidden="true">
        {state === "ok" ? "✓" : "!"}
      </span>
      <div>
        <h2>{words.name}</h2>
        <p class="hint">{text}</p>
        {waits === "typed-back" ? (
          <button type="button" onClick={() => (isKitLater.value = false)}>
            {page.showCard}
          </button>
        ) : name === "rehearsal" ? (
          <Rehearse isMain={state !== "ok"} onDone={onDone} />
        ) : (
          <a class={state === "ok" ? "button plain" : "button"} href={places[name]}>
            {words.button}
          </a>
        )}
      </div>
    </li>
  );
}

/** What a recovery card waits for that is not simply to be checked. */
function waitingCard({ hasWords, isCardChanging, newCardMs }: CareState) {
  if (hasWords) return "typed-back";
  if (isCardChanging) return "cut";
  return newCardMs === undefined ? undefined : "replaced";
}

const places = { backup: to("sources"), card: to("security"), copy: to("take-out") } as const;

/** Restores a sample, and says how far it is. */
function Rehearse({ isMain, onDone }: { readonly isMain: boolean; readonly onDone: () => void }): VNode {
  const words = say(home);
  const told = useSignal<string | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const isBusy = useSignal(false);
  const run = async (): Promise<void> => {
    [isBusy.value, told.value, error.value] = [true, words.rehearsing("0"), undefined];
    try {
      const { failedChats } = await desk.care.rehearse(
        near((event) => {
          if (event.type === "progress") told.value = words.rehearsing(countText(event.done.messages ?? 0));
        }),
      );
      told.value =
        failedChats.length === 0 ? undefined : words.rehearsalFailed(countText(failedChats.length));
      onDone();
    } catch (problem) {
      [told.value, error.value] = [undefined, problem];
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <>
      <button type="button" class={isMain ? "" : "plain"} disabled={isBusy.value} onClick={() => void run()}>
        {words.checks.rehearsal.button}
      </button>
      {told.value !== undefined && (
        <p class="hint" role="status">
          {told.value}
        </p>
      )}
      <Problem error={error.value} />
    </>
  );
}
