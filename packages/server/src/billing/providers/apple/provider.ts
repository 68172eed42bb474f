import type { Paid, Refunded, Standing, Statement } from "../../dealing/statements.ts";
import { fromThousandths, whole } from "../amounts.ts";
import { DAY_MS, dayBegins } from "../days.ts";
import { subscriptionOf, uuidOf } from "../names.ts";
import { productsOf, standing, type ProviderParts } from "../parts.ts";
import { badSignature, refused } from "../problems.ts";
import type { About, Begun, Heard, Hint, Known, Movement, Provider, Purchase } from "../provider.ts";
import type { AppleSettings } from "../schema.ts";
import { AppleApi } from "./api.ts";
import type { Notification, Renewal, Status, Transaction } from "./shapes.ts";

/** So long Apple tries a charge again. */
const RETRY_MS = 60 * DAY_MS;

/** The App Store: bought on an iPhone, charged, ended and paid back by Apple alone. */
export class AppleProvider implements Provider {
  readonly name = "apple";
  readonly channels = ["iphone"] as const;
  readonly renewal = "theirs";
  readonly refunds = "theirs";
  readonly manageUrl = "https://apps.apple.com/account/subscriptions";
  readonly isTest: boolean;
  readonly products: NonNullable<Provider["products"]>;
  readonly #parts: ProviderParts;
  readonly #api: AppleApi;

  constructor(settings: AppleSettings, parts: ProviderParts) {
    this.#parts = parts;
    this.isTest = parts.isTest;
    this.products = productsOf(settings.products);
    this.#api = new AppleApi(settings, parts.clock);
  }

  begin({ subscription, plan, period }: Purchase): Promise<Begun> {
    return Promise.resolve().then(() => {
      const found = [...this.products].find(([, each]) => each.plan === plan && each.period === period);
      if (found === undefined) throw refused("no-product");
      const token = uuidOf(subscription);
      return { reference: token, next: { how: "store", product: found[0], token } };
    });
  }

  hear({ body }: Heard): Promise<Hint> {
    return Promise.resolve().then(() => {
      const { notificationUUID: id, data } = this.#api.notification(body);
      const signed = data?.signedTransactionInfo;
      const about = signed === undefined ? [] : [aboutOf(this.#api.transaction(signed, { isOld: true }))];
      return { id, about, answer: { status: 200, type: "text/plain", body: "" } };
    });
  }

  claim(receipt: string): Promise<About> {
    return Promise.resolve().then(() => {
      const about = aboutOf(this.#api.transaction(receipt, { isOld: true }));
      if (about.subscription === undefined) throw badSignature("account");
      return about;
    });
  }

  async look(known: Known): Promise<readonly Statement[]> {
    const nowMs = this.#parts.clock.now();
    // Until the app tells of a transaction there is only our token, by which Apple finds nothing.
    const isBegun = known.reference === uuidOf(known.subscription);
    const state = isBegun ? undefined : await this.#api.status(known.reference);
    if (state === undefined) return [standing(known, nowMs, { isPending: true })];
    requireOwner(known, state.last);
    const history = await this.#api.history(known.reference);
    const own = history.filter(({ originalTransactionId: id }) => id === known.reference);
    for (const each of own) requireOwner(known, each);
    return [...own.map(paidOf), ...own.flatMap(refundOf), stateOf(known, state, nowMs)];
  }

  /** Only the person can ask Apple for their money. */
  refund(): Promise<void> {
    return Promise.reject(refused("store-only"));
  }

  /** Only the person can end it, in the settings of their phone. */
  stop(): Promise<void> {
    return Promise.reject(refused("store-only"));
  }

  /** Apple has no statement of a day: it has all that it told of since, which is signed. */
  async movements(day: string): Promise<readonly Movement[]> {
    const fromMs = dayBegins(day);
    const untilMs = fromMs + DAY_MS;
    const told = await this.#api.told(fromMs, Math.min(untilMs + DAY_MS, this.#parts.clock.now()));
    const moved = told.flatMap((each) => this.#movementsOf(each));
    const unique = new Map(moved.map((each) => [each.id, each]));
    return [...unique.values()].filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
  }

  #movementsOf({ notificationType: type, signedDate, data }: Notification): readonly Movement[] {
    if (data?.signedTransactionInfo === undefined) return [];
    const transaction = this.#api.transaction(data.signedTransactionInfo, { isOld: true });
    const { transactionId: charge, purchaseDate: atMs } = transaction;
    const { currency, amountMinor } = paidOf(transaction);
    const back = refundOf(transaction).map((each): Movement => ({
      id: each.id,
      atMs: each.atMs,
      charge,
      amountMinor: -each.amountMinor,
      currency,
    }));
    const isTakenBack = type === "REFUND_REVERSED";
    return [
      { id: `paid:${charge}`, atMs, charge, amountMinor, currency },
      ...back,
      ...(isTakenBack ? [{ id: `reversed:${charge}`, atMs: signedDate, charge, amountMinor, currency }] : []),
    ];
  }
}

function aboutOf({ appAccountToken, originalTransactionId: reference }: Transaction): About {
  const subscription = subscriptionOf(appAccountToken);
  return subscription === undefined ? { reference } : { subscription, reference };
}

function requireOwner({ subscription }: Known, { appAccountToken }: Transaction): void {
  if (subscriptionOf(appAccountToken) !== subscription) throw refused("foreign");
}

function paidOf(transaction: Transaction): Paid {
  const { transactionId, purchaseDate, expiresDate, price, currency, offerDiscountType } = transaction;
  const fromMs = whole(purchaseDate);
  return {
    kind: "paid",
    id: `paid:${transactionId}`,
    atMs: fromMs,
    charge: transactionId,
    amountMinor: fromThousandths(price, currency),
    currency: currency ?? "",
    product: transaction.productId,
    ...(expiresDate === undefined ? {} : { term: { fromMs, untilMs: whole(expiresDate) } }),
    ...(offerDiscountType === "FREE_TRIAL" ? { isTrial: true } : {}),
  };
}

function refundOf(transaction: Transaction): readonly Refunded[] {
  const { transactionId: charge, revocationDate, revocationPercentage = 100_000 } = transaction;
  if (revocationDate === undefined) return [];
  const { amountMinor } = paidOf(transaction);
  return [
    {
      kind: "refunded",
      id: `refunded:${charge}:${revocationDate}`,
      atMs: whole(revocationDate),
      charge,
      amountMinor: Math.round((amountMinor * whole(revocationPercentage)) / 100_000),
      isRevoked: true,
    },
  ];
}

function stateOf(
  known: Known,
  {
    status,
    last,
    renewal,
  }: { readonly status: Status["status"]; readonly last: Transaction; readonly renewal: Renewal },
  nowMs: number,
): Standing {
  const until = last.expiresDate ?? last.purchaseDate;
  const ended = { 1: undefined, 2: until, 3: undefined, 4: undefined, 5: last.revocationDate ?? until }[
    status
  ];
  return standing(known, nowMs, {
    renews: renewal.autoRenewStatus === 1 && ended === undefined,
    ...(status === 4 && renewal.gracePeriodExpiresDate !== undefined
      ? { graceUntilMs: renewal.gracePeriodExpiresDate }
      : {}),
    ...(status === 3 || status === 4 ? { retriesUntilMs: until + RETRY_MS } : {}),
    ...(ended === undefined ? {} : { endedMs: ended }),
  });
}
