/** What a contact is, and with it the way by which it is reached. */
export type ContactKind = "email" | "phone";
export type Language = "en" | "zh";

/** What is sent, in words that are ready. Gateways for SMS send templates that were approved before: they take `value`. */
export interface Message {
  /** Of this one notice: the same again is the same message. */
  readonly id: string;
  readonly template: "code" | "notice";
  /** What goes into the template: the code, or what happened in a few words. */
  readonly value: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * A way to reach contacts. `send` returns when the next one has taken it: the mail server, the gateway. Throws
 * `notice.not-sent`, with retry "later" where it may be taken another time, "never" where it will not.
 */
export interface Channel {
  readonly kind: ContactKind;
  send(to: string, message: Message): Promise<void>;
}

/** What this server sends with; a way that is not set up is absent. */
export type Channels = Readonly<Partial<Record<ContactKind, Channel>>>;
