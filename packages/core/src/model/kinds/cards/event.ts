/** An invitation to something with a date. */
export interface EventPayload {
  readonly title?: string;
  readonly description?: string;
  readonly place?: string;
  readonly startsAt?: number;
  readonly endsAt?: number;
  readonly url?: string;
  readonly cancelled?: boolean;
}
