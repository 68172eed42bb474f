import type { Attachment, Message, MessageContent } from "@keepsake/core/model";
import type { FunctionComponent } from "preact";
import type { ChatOpened } from "../worker/look/timeline.ts";

/** What every bubble is drawn from. */
export interface BubbleGiven {
  /** A message, or an item of a forwarded bundle. */
  readonly message: MessageContent;
  /** The files of the whole message. */
  readonly attachments: readonly Attachment[];
  readonly chat: ChatOpened;
  readonly name: string;
}

/** What draws a kind; a bundle has its items drawn by `Inner`. */
export type Drawing = FunctionComponent<BubbleGiven & { readonly Inner: FunctionComponent<BubbleGiven> }>;

/** The files that a message itself shows: not those of its quotes, items or earlier forms. */
export function ownFiles({ attachments = [] }: Message): readonly Attachment[] {
  return attachments.filter(({ role }) => role !== "item" && role !== "old" && role !== "quoted");
}

/** The main file and its small picture. */
export function mainAndThumb(attachments: readonly Attachment[]): {
  readonly main: Attachment | undefined;
  readonly thumb: Attachment | undefined;
} {
  const isThumb = ({ role }: Attachment): boolean => role === "thumb" || role === "preview";
  return { main: attachments.find((each) => !isThumb(each)), thumb: attachments.find(isThumb) };
}

/** A field of a payload as text, whatever a later version may have put there. */
export function textOf(payload: object | undefined, field: string): string | undefined {
  const value = (payload as Readonly<Record<string, unknown>> | undefined)?.[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberOf(payload: object | undefined, field: string): number | undefined {
  const value = (payload as Readonly<Record<string, unknown>> | undefined)?.[field];
  return typeof value === "number" ? value : undefined;
}

/** A field that is a list, as far as texts are in it. */
export function textsOf(payload: object | undefined, field: string): readonly string[] {
  const value = (payload as Readonly<Record<string, unknown>> | undefined)?.[field];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string" && each !== "") : [];
}

export function listOf(payload: object | undefined, field: string): readonly object[] {
  const value = (payload as Readonly<Record<string, unknown>> | undefined)?.[field];
  return Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];
}
