export interface CardField {
  readonly name?: string;
  readonly value: string;
}

/** A structured card of an app, a bot or a service; mail and announcements too. */
export interface CardPayload {
  /** The source's own name or number of the card's type. */
  readonly type?: string;
  readonly app?: string;
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly fields?: readonly CardField[];
}
