import type { KindEntry } from "../kind.ts";

export interface RedPacketPayload {
  readonly greeting?: string;
  readonly state?: "sent" | "opened" | "expired" | (string & {});
  readonly amount?: string;
  readonly currency?: string;
  readonly packetId?: string;
}

export const redPacket: KindEntry<RedPacketPayload> = {
  label: { en: "Red packet", zh: "红包" },
  check: ({ object, text }) =>
    object<RedPacketPayload>({
      greeting: text,
      state: text,
      amount: text,
      currency: text,
      packetId: text,
    }),
  texts: (payload) => [payload.greeting],
};
