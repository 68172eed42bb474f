import type { Catalogue, Channel, Lapse, Named, Offer, Period, Plan, Price } from "./catalogue.ts";

const GB = 1e9;
const yuan = (amount: number): number => Math.round(amount * 100);

/** What a store takes of what is paid through it: a quarter, on the iPhone, of the sum with its fee. */
const IPHONE_PERCENT = 25;

/** The same price everywhere; on the iPhone with the store's fee beside it. */
function offer(period: Period, priceMinor: number): Offer {
  const plain: Price = { priceMinor, storeFeeMinor: 0 };
  const storeFeeMinor = Math.ceil((priceMinor * IPHONE_PERCENT) / (100 - IPHONE_PERCENT));
  const prices: Record<Channel, Price> = {
    web: plain,
    iphone: { priceMinor, storeFeeMinor },
    android: plain,
    other: plain,
  };
  return { period, prices };
}

interface Sizes {
  readonly files: number;
  readonly text: number;
}

function plan(
  id: string,
  name: Named,
  { files, text }: Sizes,
  more: Partial<Pick<Plan, "seats" | "offers" | "trialDays">> = {},
): Plan {
  const room = { filesBytes: files * GB, textBytes: text * GB, window: "all" } as const;
  return { id, name, room, seats: 1, trialDays: 0, offers: [], ...more };
}

const lapse: Lapse = {
  graceDays: 14,
  exportDays: 180,
  noticeDays: [-30, -7, -5, 0, 30, 90, 150, 173],
  quarantineDays: 30,
};

/** What comes with Keepsake. docs/pricing.md has the arithmetic behind every price. */
export const standardCatalogue: Catalogue = {
  version: 1,
  currency: "CNY",
  plans: [
    plan("free", { zh: "免费：全部文字，另有 2 GB", en: "Free: all text, and 2 GB" }, { files: 2, text: 5 }),
    plan(
      "gb-50",
      { zh: "50 GB", en: "50 GB" },
      { files: 50, text: 5 },
      { offers: [offer("year", yuan(80)), offer("month", yuan(8))], trialDays: 30 },
    ),
    plan(
      "gb-200",
      { zh: "200 GB", en: "200 GB" },
      { files: 200, text: 5 },
      { offers: [offer("year", yuan(298)), offer("month", yuan(29.8))], trialDays: 30 },
    ),
    plan(
      "family",
      { zh: "全家 500 GB", en: "Family, 500 GB" },
      { files: 500, text: 30 },
      { offers: [offer("year", yuan(718)), offer("month", yuan(71.8))], trialDays: 30, seats: 6 },
    ),
  ],
  addOns: [
    {
      id: "more-50gb",
      name: { zh: "另加 50 GB", en: "50 GB more" },
      gives: { what: "room", filesBytes: 50 * GB },
      offers: [offer("year", yuan(80)), offer("month", yuan(8))],
    },
  ],
  reductions: [{ id: "student", name: { zh: "学生", en: "Student" }, percentOff: 20, needs: "student" }],
  lapse,
  refundDays: 7,
  fairRestoresAYear: 12,
};

const freeRoom = standardCatalogue.plans[0]!;

/** For operators who want to see it: what was told of in 2021. What the iPhone's store takes explains the difference. */
export const reported2021: Catalogue = {
  ...standardCatalogue,
  plans: [
    freeRoom,
    plan(
      "reported",
      { zh: "50 GB（2021 年传闻的价格）", en: "50 GB, at the prices told of in 2021" },
      { files: 50, text: 5 },
      {
        offers: [
          {
            period: "year",
            prices: {
              web: { priceMinor: yuan(130), storeFeeMinor: 0 },
              iphone: { priceMinor: yuan(130), storeFeeMinor: yuan(50) },
              android: { priceMinor: yuan(130), storeFeeMinor: 0 },
              other: { priceMinor: yuan(130), storeFeeMinor: 0 },
            },
          },
        ],
      },
    ),
  ],
  addOns: [],
};

/** For operators who want to see it: a ladder of how far back a history reaches. */
export const roamingLadder: Catalogue = {
  ...standardCatalogue,
  plans: [
    step({ id: "days-7", name: { zh: "漫游 7 天", en: "Roaming, 7 days" }, days: 7, chatsForEver: 0 }),
    step({
      id: "days-30",
      name: { zh: "漫游 30 天", en: "Roaming, 30 days" },
      days: 30,
      chatsForEver: 0,
      offers: [offer("month", yuan(10))],
    }),
    step({
      id: "years-2",
      name: { zh: "漫游 2 年", en: "Roaming, 2 years" },
      days: 730,
      chatsForEver: 0,
      offers: [offer("month", yuan(20))],
    }),
    step({
      id: "years-5",
      name: { zh: "漫游 5 年，20 位好友永久", en: "Roaming, 5 years, 20 chats for ever" },
      days: 1825,
      chatsForEver: 20,
      offers: [offer("year", yuan(240))],
    }),
  ],
  addOns: [],
};

interface Step {
  readonly id: string;
  readonly name: Named;
  readonly days: number;
  readonly chatsForEver: number;
  readonly offers?: readonly Offer[];
}

function step({ id, name, days, chatsForEver, offers = [] }: Step): Plan {
  const room = { filesBytes: 100 * GB, textBytes: 5 * GB, window: { days, chatsForEver } };
  return { id, name, room, seats: 1, trialDays: 0, offers };
}
