export interface GamePayload {
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly score?: number;
}
