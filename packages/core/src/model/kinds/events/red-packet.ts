export interface RedPacketPayload {
  readonly greeting?: string;
  readonly state?: "sent" | "opened" | "expired" | (string & {});
  readonly amount?: string;
  readonly currency?: string;
  readonly packetId?: string;
}
