export interface MiniProgramPayload {
  readonly title?: string;
  readonly name?: string;
  /** The source's id of the program, and the page within it. */
  readonly appId?: string;
  readonly page?: string;
  readonly url?: string;
}
