/** A shared song of a music service. */
export interface MusicPayload {
  readonly title?: string;
  readonly performer?: string;
  readonly album?: string;
  readonly url?: string;
  readonly soundUrl?: string;
  readonly lyrics?: string;
}
