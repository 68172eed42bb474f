import type { LocationPayload } from "./location.ts";

export interface LiveLocationPayload extends LocationPayload {
  readonly periodMs?: number;
  readonly endedAt?: number;
}
