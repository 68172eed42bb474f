import type { Connection } from "@keepsake/core/client";
import { moneyText, soldAs, type Catalogue } from "@keepsake/core/plans";
import type { Routes } from "@keepsake/core/protocol";
import type { Context } from "../../context.ts";
import { usageError, type Input } from "../../input.ts";
import * as words from "../../ui/messages/plans/gifts.ts";
import { askRefund, noRefund } from "../../ui/messages/plans/plan.ts";
import { dayText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";

type Gift = Routes["GET /v1/pay/account"]["answer"]["gifts"][number];

const DAY_MS = 24 * 60 * 60_000;

/** Throws `cli.usage` where options stand together that say two things at once. */
export function checkGiftOptions(input: Input): void {
  if (input.flag("gift") && (!input.has("buy") || input.flag("renew")))
    throw usageError("--gift", "not-together");
}

/** Lists what was bought for others, and how it stands. */
export async function printGifts(
  { output }: Context,
  payer: Connection,
  { catalogue, server }: { readonly catalogue: Catalogue; readonly server: string },
): Promise<void> {
  for (const { id: gift, plan, state, codeDay } of await giftsOf(payer)) {
    output.event("gift", { id: gift, plan, state, codeDay });
    const name = soldAs(catalogue, plan)?.name[output.language] ?? plan;
    output.say(words.gifts[state], { gift, plan: name, server, date: dayText(codeDay * DAY_MS) });
  }
}

/** What follows on a gift that was begun: its code where it is paid already, or how to get it. */
export async function handGift(
  context: Context,
  payer: Connection,
  { gift, server }: { readonly gift: string; readonly server: string },
): Promise<void> {
  const found = (await giftsOf(payer)).find(({ id }) => id === gift);
  if (found?.state === "open") await showGiftCode(context, payer, gift);
  else context.output.say(words.giftLater, { gift, server });
}

/** Shows the code of a gift. One that was shown before holds no longer, and that is asked first. */
export async function showGiftCode(context: Context, payer: Connection, id: string): Promise<void> {
  const { output } = context;
  const gift = (await giftsOf(payer)).find((each) => each.id === id);
  if (gift?.state === "open" && gift.hasCode) await requireConsent(context, words.askNewCode);
  const params = { id };
  const { code, codeDay } = await payer.call("POST /v1/pay/subscriptions/{id}/gift", { params });
  output.event("gift-code", { id, code, codeDay });
  output.say(words.giftCode, { code, date: dayText(codeDay * DAY_MS) });
}

/** Pays a gift back that nobody has redeemed. */
export async function refundGift(
  context: Context,
  payer: Connection,
  { id, currency }: { readonly id: string; readonly currency: string },
): Promise<void> {
  const { output } = context;
  const params = { id };
  const { refunds } = await payer.call("GET /v1/pay/subscriptions/{id}/refund", { params });
  const sum = refunds.reduce((all, { amountMinor }) => all + amountMinor, 0);
  if (sum === 0) return output.say(noRefund);
  output.say(words.giftRefunds, { amount: moneyText(sum, { currency, language: output.language }) });
  await requireConsent(context, askRefund);
  await payer.call("POST /v1/pay/subscriptions/{id}/refund", { params });
  output.say(words.giftRefunded);
}

async function giftsOf(payer: Connection): Promise<readonly Gift[]> {
  return (await payer.call("GET /v1/pay/account")).gifts;
}
