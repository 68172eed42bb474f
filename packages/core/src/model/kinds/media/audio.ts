/** A piece of music or another sound file; the sound is the attachment. */
export interface AudioPayload {
  readonly title?: string;
  readonly performer?: string;
}
