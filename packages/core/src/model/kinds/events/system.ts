import type { KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** What happened, in words that are the same for every source. */
export type SystemMeaning =
  | "chat.create"
  | "chat.migrate"
  | "chat.clear"
  | "member.add"
  | "member.remove"
  | "member.join"
  | "member.leave"
  | "member.role"
  | "member.rename"
  | "title.change"
  | "description.change"
  | "avatar.change"
  | "theme.change"
  | "message.pin"
  | "message.unpin"
  | "message.revoke"
  | "call"
  | "ttl.change"
  | "encryption"
  | "number.change"
  | "contact.add"
  | "contact.block"
  | "contact.join"
  | "payment"
  | "topic.create"
  | "topic.edit"
  | "poke"
  | "screenshot"
  | "game.score"
  | "notice";

/** Something that the app says, not a person. Its text, where there is one, is the body. */
export interface SystemPayload {
  /** The source's own name of it, such as `telegram:invite_members`. */
  readonly action: string;
  readonly meaning?: SystemMeaning | (string & {});
  /** Who did it, to whom. */
  readonly actor?: string;
  readonly actorName?: string;
  readonly targets?: readonly string[];
  readonly targetNames?: readonly string[];
  /** What else the source says of it. */
  readonly params?: JsonObject;
}

export const system: KindEntry<SystemPayload> = {
  label: { en: "Notice", zh: "系统消息" },
  check: ({ jsonObject, list, must, object, text }) =>
    object<SystemPayload>({
      action: must(text, ""),
      meaning: text,
      actor: text,
      actorName: text,
      targets: list(text),
      targetNames: list(text),
      params: jsonObject,
    }),
  texts: (payload) => [payload.actorName, ...(payload.targetNames ?? [])],
};
