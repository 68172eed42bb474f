export interface GiftPayload {
  readonly type?: string;
  readonly title?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly from?: string;
  readonly to?: string;
  readonly giftId?: string;
}
