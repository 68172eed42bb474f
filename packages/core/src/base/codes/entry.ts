/** What a code means to a person, to a script and to an HTTP client. */
export interface CodeEntry {
  /** One sentence or two that say what happened and what to do. */
  readonly en: string;
  readonly zh: string;
  /** The CLI's exit code. */
  readonly exit: number;
  readonly http: number;
}
