import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { planWords } from "../../words/plan/have.ts";
import { countText, sizeText } from "../../words/values.ts";
import type { Line, PlanShown } from "../../worker/plan/plan.ts";
import { addOnText } from "./add-ons.tsx";
import { Begun } from "./begun.tsx";
import { Gifts } from "./own/gifts.tsx";
import { More } from "./own/more.tsx";
import { Subscription } from "./own/subscription.tsx";
import { failure, goodLines, planLines, refresh } from "./shown.ts";
import { dayText, lastDayText } from "./days.ts";
import { fullInDays, money, planName, whenText } from "./texts.ts";

interface HaveGiven {
  readonly shown: PlanShown;
}

/** What somebody has now, and what they can do with it. */
export function Have({ shown }: HaveGiven): VNode {
  const words = say(planWords);
  const lines = goodLines(shown);
  const plans = planLines(shown);
  const isSold = shown.ways.length > 0;
  return (
    <>
      <h1>{words.title}</h1>
      <Problem error={failure.value} />
      <Begun shown={shown} />
      <section class="card">
        <h2>{words.have}</h2>
        {plans.length > 1 && <p class="care">{words.two}</p>}
        {lines.map((line) => (
          <div key={line.id} class="own-plan">
            <LineText shown={shown} line={line} />
            <Subscription shown={shown} line={line} />
          </div>
        ))}
        {plans.length === 0 && <None shown={shown} />}
        <Usage shown={shown} />
        <Reaches shown={shown} />
        <Trouble shown={shown} />
        {isSold && (
          <div class="actions">
            <a class="button" href={to("plan", ["choose"])}>
              {words.choose}
            </a>
          </div>
        )}
      </section>
      <Gifts shown={shown} />
      {(isSold || shown.account !== undefined) && <Stop />}
      <More shown={shown} />
    </>
  );
}

/** A subscription in plain words. */
function LineText({ shown, line }: HaveGiven & { readonly line: Line }): VNode {
  const words = say(planWords);
  const { plan, period, state, untilDay, renews, charge, next, isProviderGone } = line;
  const { catalogue } = shown;
  const addOn = catalogue.addOns.find(({ id }) => id === plan);
  return (
    <>
      <p class="plan-name">
        {planName(catalogue, plan)} <span class="hint">{words.periods[period]}</span>
      </p>
      <p>{words.states[state](lastDayText(untilDay))}</p>
      <p>
        {!renews
          ? words.notRenewing
          : charge === undefined
            ? words.renews
            : words.charge(money(charge.amountMinor, charge.currency), dayText(charge.day))}
      </p>
      {addOn !== undefined && <p class="hint">{addOnText(addOn)}</p>}
      {next !== undefined && <p>{words.nextPlan(planName(catalogue, next.plan))}</p>}
      {isProviderGone && <p class="care">{words.providerGone}</p>}
    </>
  );
}

/** Nobody pays for anything: a place in somebody's plan, or the free room. */
function None({ shown }: HaveGiven): VNode {
  const words = say(planWords);
  const seat = shown.account?.levels[0];
  const last = shown.account?.subscriptions.find(({ state }) => state === "expired");
  if (shown.ways.length === 0 && seat === undefined)
    return (
      <>
        <p>{words.nothingSold}</p>
        <p>{words.room(sizeText(shown.quotaBytes))}</p>
      </>
    );
  return (
    <>
      <p class="plan-name">{seat === undefined ? words.free : words.seat}</p>
      <p>{seat === undefined ? words.freeWhy : words.seatWhy(sizeText(seat.levelBytes))}</p>
      {last !== undefined && last.untilDay > 0 && (
        <p class="hint">
          {planName(shown.catalogue, last.plan)}: {words.states.expired(lastDayText(last.untilDay))}
        </p>
      )}
    </>
  );
}

/** How full it is, and when it will be. */
function Usage({ shown: { usedBytes, quotaBytes, aYearBytes } }: HaveGiven): VNode {
  const words = say(planWords);
  const leftBytes = quotaBytes - usedBytes;
  const when = whenText(fullInDays(leftBytes, aYearBytes));
  const text = words.used(sizeText(usedBytes), sizeText(quotaBytes));
  return (
    <>
      <p>{text}</p>
      <meter min={0} max={Math.max(1, quotaBytes)} value={usedBytes} aria-label={text} />
      {usedBytes > 0 && (
        <p class="hint">
          {leftBytes <= 0 ? words.isFull : when === undefined ? words.notFull : words.full(when)}
        </p>
      )}
    </>
  );
}

/** That a plan reaches back only so far, or that an earlier one did; nothing where it reaches back over everything. */
function Reaches({ shown: { reach, hasWindow } }: HaveGiven): VNode | null {
  const words = say(planWords);
  if (reach === undefined || (reach.window === "all" && !hasWindow)) return null;
  return (
    <p>
      <a href={to("plan", ["window"])}>
        {reach.window === "all" ? words.reachedLess : words.reaches(countText(reach.window.days))}
      </a>
    </p>
  );
}

/** What went wrong while the room was brought by itself. */
function Trouble({ shown: { trouble } }: HaveGiven): VNode | null {
  const words = say(planWords);
  const error = useSignal<unknown>(undefined);
  if (trouble === undefined) return null;
  const bring = async (): Promise<void> => {
    try {
      await desk.plan.bring();
      await refresh();
    } catch (problem) {
      error.value = problem;
    }
  };
  return (
    <div class="care" role="status">
      <p>
        {words.trouble} {say(trouble)}
      </p>
      <Problem error={error.value} />
      <button type="button" onClick={() => void bring()}>
        {words.bring}
      </button>
    </div>
  );
}

function Stop(): VNode {
  const words = say(planWords);
  return (
    <section class="card">
      <h2>{words.stop}</h2>
      <ul>
        {words.stopLines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p class="hint">{words.linked}</p>
    </section>
  );
}
