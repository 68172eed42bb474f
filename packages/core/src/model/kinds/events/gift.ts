import type { KindEntry } from "../kind.ts";

export interface GiftPayload {
  readonly type?: string;
  readonly title?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly from?: string;
  readonly to?: string;
  readonly giftId?: string;
}

export const gift: KindEntry<GiftPayload> = {
  label: { en: "Gift", zh: "礼物" },
  check: ({ object, text }) =>
    object<GiftPayload>({
      type: text,
      title: text,
      amount: text,
      currency: text,
      from: text,
      to: text,
      giftId: text,
    }),
  texts: (payload) => [payload.title],
};
