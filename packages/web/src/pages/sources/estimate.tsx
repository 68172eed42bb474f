import {
  fitsFor,
  moneyText,
  paidMinor,
  portion,
  type Catalogue,
  type Fit,
  type Need,
} from "@keepsake/core/plans";
import type { LineSpeed } from "@keepsake/core/client";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Bars, withKindName } from "../../parts/bars.tsx";
import { Form } from "../../parts/form.tsx";
import { desk } from "../../state/desk.ts";
import { language, say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { estimateWords } from "../../words/pages/estimate.ts";
import { countText, sizeText } from "../../words/values.ts";
import type { Estimate } from "../../worker/act/estimate.ts";
import { TableHead } from "../../parts/table-head.tsx";

const [YEAR_DAYS, MONTH_DAYS] = [365, 30];
/** From so many years on, nobody plans. */
const FAR_YEARS = 20;

/** What keeping a source would take, before any of it is kept. */
export function EstimateView({ estimate }: { readonly estimate: Estimate }): VNode {
  const words = say(estimateWords);
  const { need, duplicateBytes, tookMs, line, catalogue, chats, kinds, years } = estimate;
  const fits = fitsFor(catalogue, need, "web");
  const best = fits.find(({ isEnough }) => isEnough);
  const whole = storedBytes(need);
  const shareOfPrice = (bytes: number): string => {
    const share = { part: bytes, whole: Math.max(1, whole), rounded: "up" } as const;
    return words.price(money(catalogue, portion(best!.yearlyMinor, share)));
  };
  const isPaid = best?.offer !== undefined;
  return (
    <section class="estimate" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p class="hint">{words.lead}</p>
      <p>
        {words.stored(sizeText(whole), sizeText(need.textBytes), sizeText(need.filesBytes))}{" "}
        {duplicateBytes > 0 && words.duplicates(sizeText(duplicateBytes))}
      </p>
      <p>
        {words.took(waitText(tookMs))} {lineText(whole, line)}
      </p>
      <p>
        <strong>{fitText(catalogue, best)}</strong> {best !== undefined && words.disk}
      </p>
      <Plans catalogue={catalogue} fits={fits} need={need} />
      {best?.offer !== undefined && (
        <p class="hint">{words.fee(money(catalogue, paidMinor(best.offer, "iphone")))}</p>
      )}
      <p>
        <a href={to("plan", ["choose"])}>{words.allPlans}</a>
      </p>
      <Savings estimate={estimate} best={best} />
      <details>
        <summary>{words.chats}</summary>
        <Bars shares={chats} isPrivate {...(isPaid && { beside: shareOfPrice })} />
      </details>
      <details>
        <summary>{words.kinds}</summary>
        <Bars shares={kinds.map(withKindName)} />
      </details>
      <details>
        <summary>{words.years}</summary>
        <Bars shares={years} />
      </details>
    </section>
  );
}

/** How long so much is on its way. */
function lineText(bytes: number, line: LineSpeed | undefined): string {
  const words = say(estimateWords);
  const at = (bytesPerSecond: number): string => waitText((bytes / Math.max(1, bytesPerSecond)) * 1000);
  return line === undefined
    ? words.onAnyLine(at(1.25e6), at(12.5e6))
    : words.onLine(at(line.upBytesPerSecond), at(line.downBytesPerSecond));
}

function storedBytes({ filesBytes, textBytes }: Need): number {
  return filesBytes + textBytes;
}

function money({ currency }: Catalogue, amountMinor: number): string {
  return moneyText(amountMinor, { currency, language: language.value });
}

function fitText(catalogue: Catalogue, best: Fit | undefined): string {
  const words = say(estimateWords);
  if (best === undefined) return words.fitsNone;
  const name = best.plan.name[language.value];
  return best.offer === undefined
    ? words.fitsFree(name)
    : words.fits(name, money(catalogue, best.yearlyMinor));
}

interface PlansGiven {
  readonly catalogue: Catalogue;
  readonly fits: readonly Fit[];
  readonly need: Need;
}

function Plans({ catalogue, fits, need }: PlansGiven): VNode {
  const words = say(estimateWords);
  return (
    <>
      <h3>{words.plans}</h3>
      <table>
        <TableHead columns={words.columns} />
        <tbody>
          {fits.map((fit) => (
            <tr key={fit.plan.id}>
              <th scope="row">{fit.plan.name[language.value]}</th>
              <td>{money(catalogue, fit.yearlyMinor)}</td>
              <td>{suitText(fit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">{words.growth(sizeText(need.aYear.filesBytes + need.aYear.textBytes))}</p>
    </>
  );
}

function suitText({ plan, isEnough, fullInDays }: Fit): string {
  const words = say(estimateWords);
  if (isEnough) return fullText(fullInDays);
  return plan.room.window === "all" ? words.tooSmall : words.notAll;
}

function fullText(days: number | undefined): string {
  const words = say(estimateWords);
  if (days === undefined || days >= FAR_YEARS * YEAR_DAYS) return words.enough;
  const isYears = days >= 2 * YEAR_DAYS;
  return words.full(
    isYears ? words.inYears(Math.floor(days / YEAR_DAYS)) : words.inMonths(Math.floor(days / MONTH_DAYS)),
  );
}

const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000];

/** How long somebody would have to wait. */
function waitText(milliseconds: number): string {
  const words = say(estimateWords);
  if (milliseconds < MINUTE_MS) return words.instant;
  if (milliseconds < 2 * HOUR_MS) return words.minutes(Math.round(milliseconds / MINUTE_MS));
  return words.hours(countText(Math.round(milliseconds / HOUR_MS)));
}

interface SavingsGiven {
  readonly estimate: Estimate;
  readonly best: Fit | undefined;
}

/** What leaving things out would save, and which plan would do then. Nothing is ticked beforehand. */
function Savings({ estimate: { savings, need, catalogue }, best }: SavingsGiven): VNode | null {
  const words = say(estimateWords);
  const left = useSignal<readonly string[]>([]);
  if (savings.length === 0) return null;
  const leaveOut = async (values: Readonly<Record<string, string>>): Promise<void> => {
    const chosen = savings.filter(({ what }) => values[what] !== undefined);
    if (chosen.length === 0) return;
    await desk.leftOut.add(chosen.map(({ choice }) => choice));
    left.value = [...left.value, ...chosen.map(({ what }) => what)];
  };
  const isOpen = savings.some(({ what }) => !left.value.includes(what));
  return (
    <>
      <h3>{words.savings}</h3>
      <Form submit={words.leaveOut} isSecond isDone={!isOpen} onSubmit={leaveOut}>
        <p class="hint">{words.savingsHint}</p>
        {savings.map(({ what, need: rest }) => {
          const then = fitsFor(catalogue, rest, "web").find(({ isEnough }) => isEnough);
          const isOther = then !== undefined && then.plan.id !== best?.plan.id;
          const text =
            words.saving(words.what[what], sizeText(storedBytes(need) - storedBytes(rest))) +
            (isOther
              ? words.savingPlan(then.plan.name[language.value], money(catalogue, then.yearlyMinor))
              : "");
          return left.value.includes(what) ? (
            <p key={what}>✓ {text}</p>
          ) : (
            <label key={what} class="check">
              <input type="checkbox" name={what} />
              <span>{text}</span>
            </label>
          );
        })}
      </Form>
      {left.value.length > 0 && (
        <p role="status">
          {words.leftOut} <a href={to("storage")}>{words.leftOutWhere}</a>
        </p>
      )}
    </>
  );
}
