import { beside, fitsFor, portion, yearlyMinor, type Fit, type Need, type Offer } from "@keepsake/core/plans";
import type { VNode } from "preact";
import { language, say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { chooseWords } from "../../words/plan/choose.ts";
import { sizeText } from "../../words/values.ts";
import type { Line, PlanShown } from "../../worker/plan/plan.ts";
import { estimated } from "../sources/under-way.ts";
import { AddOns } from "./add-ons.tsx";
import { Later } from "./own/later.tsx";
import { Try } from "./own/try.tsx";
import { currentLine } from "./shown.ts";
import { money, whenText } from "./texts.ts";
import { TableHead } from "../../parts/table-head.tsx";

interface ChooseGiven {
  readonly shown: PlanShown;
}

/** All plans as they are, and what else one could do. */
export function Choose({ shown }: ChooseGiven): VNode {
  const words = say(chooseWords);
  const { catalogue, ways } = shown;
  const estimate = estimated.value;
  const isUsed = shown.usedBytes > 0;
  const fits = fitsFor(catalogue, estimate?.need ?? usedNeed(shown), "web");
  const inOrder = catalogue.plans.map((plan) => fits.find((fit) => fit.plan === plan)!);
  const mayBuy = ways.some(({ channels }) => channels.includes("web"));
  return (
    <>
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      {!mayBuy && <p>{words.noWay}</p>}
      <ul class="plans">
        {inOrder.map((fit) => (
          <PlanCard
            key={fit.plan.id}
            shown={shown}
            fit={fit}
            isFitKnown={isUsed || estimate !== undefined}
            mayBuy={mayBuy}
          />
        ))}
      </ul>
      {mayBuy && <p class="hint">{words.giveHint}</p>}
      {mayBuy && <p class="hint">{words.fair(catalogue.fairRestoresAYear)}</p>}
      {(isUsed || estimate !== undefined) && (
        <p class="hint">{estimate === undefined ? words.byUsage : words.byEstimate}</p>
      )}
      <AddOns shown={shown} mayBuy={mayBuy} />
      <section class="card">
        <h2>{words.free}</h2>
        <ul>
          {words.freeLines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
      <Beside />
    </>
  );
}

/** What is stored here already, as a need: messages are a small part of it. */
function usedNeed({ usedBytes, aYearBytes }: PlanShown): Need {
  return { filesBytes: usedBytes, textBytes: 0, aYear: { filesBytes: aYearBytes, textBytes: 0 } };
}

interface CardGiven extends ChooseGiven {
  readonly fit: Fit;
  readonly isFitKnown: boolean;
  readonly mayBuy: boolean;
}

function PlanCard({ shown, fit, isFitKnown, mayBuy }: CardGiven): VNode {
  const words = say(chooseWords);
  const { plan } = fit;
  const { catalogue } = shown;
  const name = plan.name[language.value];
  const current = currentLine(shown);
  const isYours = current?.plan === plan.id;
  const { filesBytes, textBytes, window } = plan.room;
  return (
    <li class="card">
      <h2>{name}</h2>
      {isYours && <p class="hint">{words.yours}</p>}
      <dl class="fields">
        <Field name={words.room}>
          {words.roomOf(sizeText(filesBytes), sizeText(textBytes))}
          {window !== "all" && ` · ${words.window(window.days)}`}
        </Field>
        <Field name={words.price}>
          {plan.offers.length === 0
            ? words.nothing
            : plan.offers.map((offer) => (
                <span key={offer.period} class="line-of">
                  {priceText(offer, filesBytes, catalogue.currency)}
                </span>
              ))}
        </Field>
        {plan.offers.length > 0 && (
          <Field name={words.storeFee}>{feeText(plan.offers[0]!, catalogue.currency)}</Field>
        )}
        {plan.seats > 1 && <Field name={words.seats}>{words.seatsOf(plan.seats)}</Field>}
        {isFitKnown && <Field name={words.fits}>{fitText(fit)}</Field>}
      </dl>
      {mayBuy && <Ways fit={fit} current={current} shown={shown} />}
    </li>
  );
}

function Field({ name, children }: { readonly name: string; readonly children: unknown }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children as VNode}</dd>
    </div>
  );
}

/** The ways to get a plan: nothing of it is chosen beforehand. */
function Ways({ fit, current, shown }: Pick<CardGiven, "fit" | "shown"> & { current: Line | undefined }) {
  const words = say(chooseWords);
  const { plan } = fit;
  const name = plan.name[language.value];
  if (plan.offers.length === 0) return null;
  const isYours = current?.plan === plan.id;
  // Once more of the same is for who does not renew: what is left of it is taken off.
  const mayBuyNow = !isYours || !current.renews;
  // The provider charges for us: then the next term may be of another plan.
  const mayBeLater = current !== undefined && current.renews && current.mayPause && !isYours;
  return (
    <div class="actions">
      {mayBuyNow &&
        plan.offers.map(({ period }) => (
          <a
            key={period}
            class="button"
            href={to("plan", ["buy", plan.id, period])}
            aria-label={words.buyName(name, words.buy[period])}
          >
            {words.buy[period]}
          </a>
        ))}
      {!mayBuyNow &&
        plan.offers.map(({ period }) => (
          <a
            key={period}
            class="button"
            href={to("plan", ["buy", plan.id, period, "gift"])}
            aria-label={words.buyName(name, words.give[period])}
          >
            {words.give[period]}
          </a>
        ))}
      <Try plan={plan} shown={shown} />
      {mayBeLater && <Later line={current} plan={plan} shown={shown} />}
    </div>
  );
}

const GB = 1e9;

function priceText(offer: Offer, filesBytes: number, currency: string): string {
  const words = say(chooseWords);
  const year = yearlyMinor(offer, "web");
  const price = money(offer.prices.web.priceMinor + offer.prices.web.storeFeeMinor, currency);
  if (offer.period === "month") return words.perMonth(price, money(year, currency));
  const perGb = portion(year, { part: GB, whole: Math.max(GB, filesBytes), rounded: "up" });
  return words.perYear(price, money(perGb, currency));
}

function feeText({ prices }: Offer, currency: string): string {
  const words = say(chooseWords);
  const { priceMinor, storeFeeMinor } = prices.iphone;
  if (storeFeeMinor === 0) return words.noFee;
  return words.feeOnPhone(money(priceMinor + storeFeeMinor, currency), money(storeFeeMinor, currency));
}

function fitText({ plan, isEnough, fullInDays }: Fit): string {
  const words = say(chooseWords);
  if (!isEnough) return plan.room.window === "all" ? words.tooSmall : words.onlyNewest;
  const when = whenText(fullInDays);
  return when === undefined ? words.enough : words.enoughUntil(when);
}

/** What else people use: rough, and told so. */
function Beside(): VNode {
  const words = say(chooseWords);
  const { currency, disks, phoneCloud, roaming, reported } = beside;
  const rows: (readonly [string, string, string])[] = [
    [words.disks(sizeText(disks.bytes)), words.disksCost(money(disks.onceMinor, currency)), words.disksWhy],
    ...phoneCloud.map(
      ({ bytes, yearlyMinor: year }) =>
        [words.cloud(sizeText(bytes)), words.aYear(money(year, currency)), words.cloudWhy] as const,
    ),
    ...roaming.map(
      ({ days, yearlyMinor: year }) =>
        [words.roaming(days), words.aYear(money(year, currency)), words.roamingWhy] as const,
    ),
    [
      words.reported,
      words.reportedCost(money(reported.androidMinor, currency), money(reported.iphoneMinor, currency)),
      words.reportedWhy,
    ],
  ];
  return (
    <section class="card">
      <h2 id="beside">{words.beside}</h2>
      <p class="hint">{words.besideHint}</p>
      <table aria-labelledby="beside" class="beside">
        <TableHead columns={words.besideColumns} />
        <tbody>
          {rows.map(([way, cost, why]) => (
            <tr key={way}>
              <th scope="row">{way}</th>
              <td>{cost}</td>
              <td>{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
