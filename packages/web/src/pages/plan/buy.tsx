import { isAddOn, soldAs } from "@keepsake/core/plans";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { language, say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { go, to } from "../../state/route.ts";
import { buyWords } from "../../words/plan/buy.ts";
import { giftWords } from "../../words/plan/gifts.ts";
import { planWords } from "../../words/plan/have.ts";
import type { Begun, Line, Offered, PlanShown, Wanted } from "../../worker/plan/plan.ts";
import { Waiting } from "./begun.tsx";
import { currentLine, paid, refresh } from "./shown.ts";
import { money, planName, providerName } from "./texts.ts";

interface BuyGiven {
  readonly shown: PlanShown;
  readonly plan: string;
  readonly period: string;
  /** Whether the person came to give it away; they may still choose. */
  readonly isGift: boolean;
}

/** From a plan to its payment. Nothing is chosen for anybody, and nothing is charged here. */
export function Buy({ shown, plan, period, isGift }: BuyGiven): VNode {
  const words = say(buyWords);
  const begun = useSignal<Begun | undefined>(undefined);
  const found = soldAs(shown.catalogue, plan);
  if (found === undefined || (period !== "month" && period !== "year"))
    return (
      <>
        <h1>{words.unknown}</h1>
        <a class="button" href={to("plan", ["choose"])}>
          {words.toPlans}
        </a>
      </>
    );
  return (
    <>
      <h1>{words.title(found.name[language.value], say(planWords).periods[period])}</h1>
      {begun.value === undefined ? (
        <Ask
          shown={shown}
          plan={plan}
          period={period}
          isGift={isGift}
          onBegun={(next) => (begun.value = next)}
        />
      ) : (
        <section class="card">
          <Waiting begun={begun.value} />
        </section>
      )}
    </>
  );
}

interface AskGiven extends BuyGiven {
  readonly period: "month" | "year";
  readonly onBegun: (begun: Begun) => void;
}

function Ask({ shown, plan, period, isGift: isGiftAtFirst, onBegun }: AskGiven): VNode {
  const words = say(buyWords);
  const provider = useSignal<string | undefined>(undefined);
  const coupon = useSignal<string | undefined>(undefined);
  // What is had beside a plan comes on top of it, and what is for somebody else takes the place of nothing.
  const isBeside = isAddOn(soldAs(shown.catalogue, plan));
  const gift = useSignal(isGiftAtFirst && !isBeside);
  const replaced = isBeside || gift.value ? undefined : currentLine(shown);
  const wanted = (by: string): Wanted => ({
    plan,
    period,
    provider: by,
    ...(replaced !== undefined && { replaces: replaced.id }),
    ...(coupon.value !== undefined && { coupon: coupon.value }),
    ...(gift.value && { isGift: true }),
  });
  const offered = useLoaded(
    async () => (provider.value === undefined ? undefined : desk.plan.offer(wanted(provider.value))),
    [provider.value, coupon.value, gift.value],
  );
  const { value: offer, error } = offered.value;
  const pay = async (values: Readonly<Record<string, string>>): Promise<void> => {
    if (provider.value === undefined || offer === undefined) return;
    const begun = await desk.plan.buy(
      { ...wanted(provider.value), renews: values["renews"] === "on" },
      where(),
    );
    await goOn(begun, onBegun);
  };
  return (
    <>
      <Form
        submit={offer === undefined ? words.next : words.pay(money(offer.amountMinor, offer.currency))}
        onSubmit={pay}
      >
        <Ways shown={shown} onWay={(way) => (provider.value = way)} />
        {!isBeside && <Give isGift={gift.value} onGive={(isGift) => (gift.value = isGift)} />}
        <div role="status">
          {offer === undefined ? (
            error === undefined && <p class="hint">{words.priced}</p>
          ) : (
            <Lines offer={offer} price={isBeside ? words.priceBeside : words.price} />
          )}
        </div>
        <Problem error={error} />
        {replaced !== undefined && <p>{replacesText(shown, replaced)}</p>}
        {offer !== undefined && !gift.value && <Renew offer={offer} />}
      </Form>
      <Coupon used={coupon.value} onUse={(code) => (coupon.value = code)} />
    </>
  );
}

function Ways({
  shown,
  onWay,
}: {
  readonly shown: PlanShown;
  readonly onWay: (provider: string) => void;
}): VNode {
  const ways = shown.ways.filter(({ channels }) => channels.includes("web"));
  return (
    <fieldset class="choice">
      <legend>{say(buyWords).way}</legend>
      {ways.map(({ provider }) => (
        <label key={provider}>
          <input type="radio" name="provider" value={provider} required onChange={() => onWay(provider)} />
          <span>{providerName(provider)}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Whether it is for somebody else: never ticked for who did not ask for that. */
function Give({
  isGift,
  onGive,
}: {
  readonly isGift: boolean;
  readonly onGive: (isGift: boolean) => void;
}): VNode {
  const words = say(giftWords);
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          checked={isGift}
          aria-describedby="give-why"
          onChange={({ currentTarget }) => onGive(currentTarget.checked)}
        />
        <span>{words.give}</span>
      </label>
      <p class="hint" id="give-why">
        {words.giveWhy}
      </p>
    </>
  );
}

function replacesText({ catalogue }: PlanShown, { state, plan }: Line): string {
  const words = say(buyWords);
  const name = planName(catalogue, plan);
  return state === "trial" ? words.replacesTrial(name) : words.replaces(name);
}

/** Where the person pays, and comes back to. */
function where(): { readonly returnUrl: string; readonly screen: "page" | "phone" } {
  const isPhone = matchMedia("(pointer: coarse) and (max-width: 46rem)").matches;
  return { returnUrl: `${location.origin}/${to("plan", ["back"])}`, screen: isPhone ? "phone" : "page" };
}

/** What follows on a payment that was begun. */
async function goOn(begun: Begun, onBegun: (begun: Begun) => void): Promise<void> {
  paid.value = undefined;
  if (begun.next.how === "nothing") {
    const { line, levelBytes } = await desk.plan.look(begun.id);
    paid.value = { levelBytes, isGift: line.isGift };
    await refresh();
    return go(to("plan"));
  }
  onBegun(begun);
  if (begun.next.how === "redirect" && /^https?:\/\//.test(begun.next.url)) location.assign(begun.next.url);
}

/** The price, line by line; what is nothing is left out but for the store's fee. */
function Lines({ offer, price }: { readonly offer: Offered; readonly price: string }): VNode {
  const words = say(buyWords);
  const { priceMinor, reductionMinor, creditMinor, storeFeeMinor, amountMinor, extraDays, currency } = offer;
  const lines: (readonly [string, string])[] = [[price, money(priceMinor, currency)]];
  if (reductionMinor > 0) lines.push([words.reduction, money(-reductionMinor, currency)]);
  if (creditMinor > 0) lines.push([words.credit, money(-creditMinor, currency)]);
  lines.push([words.storeFee, money(storeFeeMinor, currency)]);
  if (extraDays > 0) lines.push([words.extraDays, words.days(extraDays)]);
  return (
    <table class="sum">
      <tbody>
        {lines.map(([name, text]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{text}</td>
          </tr>
        ))}
        <tr class="total">
          <th scope="row">{words.sum}</th>
          <td>{money(amountMinor, currency)}</td>
        </tr>
      </tbody>
    </table>
  );
}

/** A choice of the person's own: never ticked for them. */
function Renew({ offer }: { readonly offer: Offered }): VNode {
  const { mayRenew, renewalMinor, later, currency } = offer;
  const words = say(buyWords);
  const amount = money(renewalMinor, currency);
  if (!mayRenew) return <p class="hint">{words.noRenew}</p>;
  return (
    <>
      <label class="check">
        <input type="checkbox" name="renews" aria-describedby="renew-why" />
        <span>{words.renew}</span>
      </label>
      <p class="hint" id="renew-why">
        {later === undefined
          ? words.renewWhy(amount)
          : words.renewLater(amount, later.terms, money(later.amountMinor, currency))}
      </p>
    </>
  );
}

interface CouponGiven {
  readonly used: string | undefined;
  readonly onUse: (code: string | undefined) => void;
}

function Coupon({ used, onUse }: CouponGiven): VNode {
  const words = say(buyWords);
  return (
    <details class="way">
      <summary>{words.coupon}</summary>
      <Form
        submit={words.couponUse}
        isSecond
        onSubmit={({ coupon = "" }) => onUse(coupon.trim() === "" ? undefined : coupon.trim())}
      >
        <Field name="coupon" label={words.couponLabel} hint={words.couponWhy} isOptional />
      </Form>
      {used !== undefined && <p role="status">{words.couponUsed(used)}</p>}
    </details>
  );
}
