import Type from "typebox";
import { shape } from "../http/wire.ts";

/** A name in both languages. */
export const named = shape({
  zh: Type.String({ maxLength: 200 }),
  en: Type.String({ maxLength: 200 }),
});
const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const days = Type.Integer({ minimum: 0, maximum: 36_500 });

const price = shape({ priceMinor: whole, storeFeeMinor: whole });
const offer = shape({
  period: Type.Union([Type.Literal("month"), Type.Literal("year")]),
  prices: shape({ web: price, iphone: price, android: price, other: price }),
});
const offers = Type.Array(offer, { maxItems: 2 });
const id = Type.String({ maxLength: 40 });

/** How far back a plan reaches. */
export const windowShape = Type.Union([Type.Literal("all"), shape({ days, chatsForEver: whole })]);

const plan = shape({
  id,
  name: named,
  room: shape({
    filesBytes: whole,
    textBytes: whole,
    window: windowShape,
  }),
  seats: Type.Integer({ minimum: 0, maximum: 1000 }),
  trialDays: days,
  offers,
});

const addOn = shape({
  id,
  name: named,
  gives: Type.Union([
    shape({ what: Type.Literal("room"), filesBytes: whole }),
    shape({ what: Type.Literal("seats"), seats: whole }),
    shape({ what: Type.Literal("evidence") }),
  ]),
  offers,
});

const reduction = shape({
  id,
  name: named,
  percentOff: whole,
  periods: Type.Optional(whole),
  needs: Type.Union([Type.Literal("coupon"), Type.Literal("student"), Type.Literal("family")]),
  untilMs: Type.Optional(whole),
});

/** A catalogue as its file has it, and as anybody may read it. */
export const catalogueShape = shape({
  version: whole,
  currency: Type.String({ maxLength: 3 }),
  plans: Type.Array(plan, { maxItems: 50 }),
  addOns: Type.Array(addOn, { maxItems: 50 }),
  reductions: Type.Array(reduction, { maxItems: 50 }),
  lapse: shape({
    graceDays: days,
    exportDays: days,
    noticeDays: Type.Array(Type.Integer({ minimum: -3650, maximum: 3650 }), { maxItems: 50 }),
    quarantineDays: days,
  }),
  refundDays: days,
  fairRestoresAYear: whole,
});
