import type { Paid, Refunded, Standing, Statement } from "../../dealing/statements.ts";
import { DAY_MS, isoTime } from "../days.ts";
import { forEachOf, standing } from "../parts.ts";
import { refused } from "../problems.ts";
import type { Known } from "../provider.ts";
import type { GoogleApi } from "./api.ts";
import { minorOf, type PlayOrder, type PlaySubscription } from "./shapes.ts";

/** So long Google tries a charge again on hold, at most. */
const HOLD_MS = 60 * DAY_MS;

/** Whether Google Play has money of an order, or had it. */
const PAID = /^(?:PROCESSED|PENDING_REFUND|PARTIALLY_REFUNDED|REFUNDED)$/;

/** The subscription behind a token. Throws `pay.refused` where it is another's, or a tester's while money moves. */
export async function subscriptionBehind(
  api: GoogleApi,
  { reference, subscription }: Pick<Known, "subscription" | "reference">,
  isTest: boolean,
): Promise<PlaySubscription | undefined> {
  const found = await api.ask<PlaySubscription>(
    "GET",
    `/purchases/subscriptionsv2/tokens/${encodeURIComponent(reference)}`,
  );
  if (found === undefined) return undefined;
  if (found.externalAccountIdentifiers?.obfuscatedExternalAccountId !== subscription)
    throw refused("foreign");
  if (found.testPurchase !== undefined && !isTest) throw refused("mode");
  return found;
}

export async function lookAtPlay(
  api: GoogleApi,
  known: Known,
  { isTest, nowMs }: { readonly isTest: boolean; readonly nowMs: number },
): Promise<readonly Statement[]> {
  const isBegun = known.reference === known.subscription;
  const found = isBegun ? undefined : await subscriptionBehind(api, known, isTest);
  if (found === undefined)
    return [standing(known, nowMs, { isPending: isBegun, ...(isBegun ? {} : { endedMs: nowMs }) })];
  await acknowledge(api, known.reference, found);
  const orders = await forEachOf(ordersOf(found.latestOrderId), async (id) => {
    const order = await api.ask<PlayOrder>("GET", `/orders/${encodeURIComponent(id)}`);
    return order === undefined || order.purchaseToken !== known.reference ? [] : [order];
  });
  return [...orders.flatMap(paidOf), ...orders.flatMap(refundsOf), stateOf(known, found, nowMs)];
}

/** What nobody acknowledges is paid back after three days. */
async function acknowledge(api: GoogleApi, token: string, found: PlaySubscription): Promise<void> {
  const [product] = found.lineItems;
  const isOpen = found.acknowledgementState === "ACKNOWLEDGEMENT_STATE_PENDING";
  if (!isOpen || product === undefined || found.subscriptionState === "SUBSCRIPTION_STATE_PENDING") return;
  const path = `/purchases/subscriptions/${encodeURIComponent(product.productId)}/tokens/${encodeURIComponent(token)}`;
  await api.ask("POST", `${path}:acknowledge`, {});
}

/** The first order has a bare name; those of renewals have the same with ..0, ..1 and so on behind it. */
function ordersOf(latest: string | undefined): readonly string[] {
  const match = /^(.+?)(?:\.\.(\d{1,4}))?$/.exec(latest ?? "");
  if (match === null) return [];
  const count = match[2] === undefined ? 0 : Number(match[2]) + 1;
  return [match[1]!, ...Array.from({ length: count }, (_, at) => `${match[1]}..${at}`)];
}

function paidOf(order: PlayOrder): readonly Paid[] {
  if (!PAID.test(order.state)) return [];
  const [item] = order.lineItems;
  const {
    servicePeriodStartTime: from,
    servicePeriodEndTime: until,
    offerPhase,
  } = item?.subscriptionDetails ?? {};
  return [
    {
      kind: "paid",
      id: `paid:${order.orderId}`,
      atMs: isoTime(order.orderHistory?.processedEvent?.eventTime ?? order.createTime),
      charge: order.orderId,
      amountMinor: minorOf(order.total),
      currency: order.total.currencyCode,
      ...(item === undefined ? {} : { product: item.productId }),
      ...(from === undefined || until === undefined
        ? {}
        : { term: { fromMs: isoTime(from), untilMs: isoTime(until) } }),
      ...(offerPhase === "FREE_TRIAL" ? { isTrial: true } : {}),
    },
  ];
}

function refundsOf({ orderId: charge, orderHistory: history }: PlayOrder): readonly Refunded[] {
  const whole = history?.refundEvent;
  const parts = (history?.partialRefundEvents ?? []).filter(
    ({ state }) => state === "PROCESSED_SUCCESSFULLY",
  );
  const refunded = (id: string, at: string, amountMinor: number, isRevoked: boolean): Refunded => ({
    kind: "refunded",
    id: `refunded:${id}`,
    atMs: isoTime(at),
    charge,
    amountMinor,
    isRevoked,
  });
  return [
    ...parts.map(({ createTime, processTime = createTime, refundDetails }) =>
      refunded(`${charge}:${createTime}`, processTime, minorOf(refundDetails.total), false),
    ),
    ...(whole === undefined
      ? []
      : [
          refunded(
            charge,
            whole.eventTime,
            minorOf(whole.refundDetails.total),
            whole.refundReason === "CHARGEBACK",
          ),
        ]),
  ];
}

function stateOf(known: Known, found: PlaySubscription, nowMs: number): Standing {
  const [item] = found.lineItems;
  const untilMs = item?.expiryTime === undefined ? nowMs : isoTime(item.expiryTime);
  const resumes = found.pausedStateContext?.autoResumeTime;
  const states: Readonly<Record<string, Partial<Omit<Standing, "kind" | "id" | "atMs">>>> = {
    PENDING: { isPending: true },
    IN_GRACE_PERIOD: { graceUntilMs: untilMs },
    ON_HOLD: { retriesUntilMs: untilMs + HOLD_MS },
    PAUSED: { paused: { fromMs: untilMs, ...(resumes === undefined ? {} : { untilMs: isoTime(resumes) }) } },
    EXPIRED: { endedMs: untilMs, renews: false },
    PENDING_PURCHASE_CANCELED: { endedMs: nowMs, renews: false },
  };
  const name = found.subscriptionState.replace("SUBSCRIPTION_STATE_", "");
  return standing(known, nowMs, {
    renews: item?.autoRenewingPlan?.autoRenewEnabled === true,
    ...states[name],
  });
}
