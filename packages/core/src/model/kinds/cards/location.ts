/** A place. Degrees are the source's own digits. */
export interface LocationPayload {
  readonly latitude?: string;
  readonly longitude?: string;
  readonly title?: string;
  readonly address?: string;
  readonly url?: string;
}
