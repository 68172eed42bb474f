import { channels } from "@keepsake/core/plans";
import Type from "typebox";
import { giftStates } from "../../../billing/books/buying/gifts.ts";
import { states } from "../../../billing/dealing/state.ts";
import { shape } from "../../wire.ts";

/** One of some words. */
export const oneOf = <T extends string>(words: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(words.map((word) => Type.Literal(word))));

/** The name of a subscription. */
export const subscriptionId = Type.String({ pattern: "^[0-9a-v]{26}$" });
/** A day of UTC, since 1970. */
export const day = Type.Integer({ minimum: 0, maximum: 1_000_000 });
/** In the smallest unit of its currency. */
export const minor = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
export const currency = Type.String({ maxLength: 3 });
export const planId = Type.String({ minLength: 1, maxLength: 40 });
export const period = Type.Union([Type.Literal("month"), Type.Literal("year")]);
export const channel = oneOf(channels);
export const providerName = Type.String({ pattern: "^[a-z]{1,20}$" });
/** A code as somebody types it. */
export const typedCode = Type.String({ minLength: 10, maxLength: 60 });

export const planOf = shape({ plan: planId, period });

export const line = shape({
  id: subscriptionId,
  provider: providerName,
  channel,
  plan: planId,
  period,
  isAddOn: Type.Boolean({ description: "Whether it is had beside a plan" }),
  isGift: Type.Boolean({ description: "Whether it was bought for somebody else" }),
  state: oneOf(states),
  sinceDay: day,
  untilDay: day,
  renews: Type.Boolean(),
  mayRenew: Type.Boolean(),
  mayPause: Type.Boolean(),
  next: Type.Optional(planOf),
  charge: Type.Optional(shape({ day, amountMinor: minor, currency })),
  manageUrl: Type.Optional(Type.String()),
  hadTrial: Type.Boolean({ description: "Whether a part of it was a trial" }),
  isProviderGone: Type.Boolean(),
  isTest: Type.Boolean(),
});

/** What somebody wants to buy. */
export const wanted = {
  plan: planId,
  period,
  channel,
  provider: providerName,
  replaces: Type.Optional(subscriptionId),
  coupon: Type.Optional(Type.String({ maxLength: 60 })),
  isGift: Type.Optional(
    Type.Boolean({ description: "For somebody else: who pays gets a code to hand on, and nothing renews" }),
  ),
};

/** Something that was bought for somebody else. */
export const giftLine = shape({
  id: subscriptionId,
  provider: providerName,
  plan: planId,
  period,
  state: oneOf(giftStates),
  sinceDay: day,
  codeDay: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    description: "The last day on which its code can be redeemed; 0 while it is not paid",
  }),
  hasCode: Type.Boolean({ description: "Whether a code was made: the next one takes its place" }),
  isTest: Type.Boolean(),
});

/** What the person does next, at the provider's or by hand. */
export const next = Type.Union([
  shape({ how: Type.Literal("redirect"), url: Type.String() }),
  shape({ how: Type.Literal("qr"), text: Type.String() }),
  shape({ how: Type.Literal("inside"), parameters: Type.Record(Type.String(), Type.String()) }),
  shape({ how: Type.Literal("store"), product: Type.String(), token: Type.String() }),
  shape({ how: Type.Literal("transfer"), to: Type.String(), purpose: Type.String() }),
  shape({ how: Type.Literal("nothing") }),
]);
