import {
  compareOrderKeys,
  type Account,
  type Attachment,
  type Chat,
  type Message,
} from "../../model/index.ts";
import type { LeftOut } from "../state/choices.ts";
import type { KeptEntry } from "./kept.ts";

/** Leaves from `first` to `last`, both included. */
export type LeafRange = readonly [first: number, last: number];

/** Where a source is from: what the shrink alarm and provenance go by. */
export interface Source {
  readonly id: string;
  readonly format: string;
  readonly platform: string;
  /** The owner's own account, where it is known. */
  readonly own?: string;
  /** The name that the person confirmed. */
  readonly name: string;
}

/** One reading of a source. */
export interface Run {
  readonly id: string;
  readonly source: string;
  /** When it began, milliseconds UTC. */
  readonly asOf: number;
  /** SHA-256 over the source's files with their sizes and times: equal means nothing changed. */
  readonly fingerprint?: string;
  readonly exportedAt?: number;
  readonly generator?: string;
  readonly residue?: object;
  /** What the owner's choices left out of it, as far as this run saw. */
  readonly leftOut?: readonly LeftOut[];
}

/**
 * What a collection's table holds, a row each: a message as it was found; what a run said of the chat or of an
 * account; leaves that a run saw too, or missed. Rows are only ever added.
 */
export type Row =
  | { readonly run: string; readonly message: Message }
  | { readonly run: string; readonly chat: Chat }
  | { readonly run: string; readonly account: Account }
  /** A file of the source that belongs to no message. */
  | { readonly run: string; readonly file: Attachment }
  /** A file of a kept folder, as it was found; or a folder in it that holds nothing. */
  | { readonly run: string; readonly kept: KeptEntry }
  /** The path of something that a kept folder does not hold any more. */
  | { readonly run: string; readonly removed: string }
  | { readonly run: string; readonly seen: readonly LeafRange[] }
  | { readonly run: string; readonly gone: readonly LeafRange[] }
  | { readonly source: Source }
  | { readonly started: Run }
  /** A row that was forgotten: its leaf, in hex, so that its log stays what it was. */
  | { readonly forgotten: string };

export type MessageRow = Extract<Row, { message: Message }>;

/** A row with its place in its collection's log. */
export type Placed<R extends Row = Row> = R & { readonly leaf: number };

export function isMessageRow<R extends Row>(row: R): row is Extract<R, { message: Message }> {
  return "message" in row;
}

/** The place of a message in its chat, as far as segments go by it: messages that agree in both stay together. */
export type Place = readonly [sent: number, order: string | null];

export function placeOf({ time, order }: Message): Place {
  return [time.sent, order ?? null];
}

/** A message, or what stands at its place. */
export interface AtPlace {
  readonly time: Pick<Message["time"], "sent">;
  readonly order?: string | undefined;
}

export function atPlace([sent, order]: Place): AtPlace {
  return { time: { sent }, order: order ?? undefined };
}

/** Which place comes first; of many messages, so that nothing is made for it. */
export function comparePlaces(a: AtPlace, b: AtPlace): number {
  return a.time.sent - b.time.sent || compareOrderKeys(a.order, b.order);
}

/** The lanes of a segment: FORMAT.md, "Lanes". */
export const LANE: Readonly<Record<"head" | "text" | "rest" | "raw", number>> = {
  head: 0,
  text: 1,
  rest: 2,
  raw: 3,
};
export const LANES: number = 4;
