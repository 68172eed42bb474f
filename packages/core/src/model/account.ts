import type { JsonObject } from "./json.ts";
import type { Attachment } from "./parts/attachment.ts";

/** What sort of thing names the account in its app. `name`: only a display name is known, a weak identity. */
export type AccountKind =
  | "userId"
  | "phone"
  | "handle"
  | "wxid"
  | "uin"
  | "uid"
  | "jid"
  | "lid"
  | "email"
  | "name"
  | "group"
  | "channel"
  | "system";

export type NameKind = "display" | "groupCard" | "remark" | "profile" | "handle" | "alias";

export interface AccountName {
  readonly value: string;
  readonly kind: NameKind;
  /** The chat in which it holds, for a groupCard. */
  readonly chat?: string;
  readonly from?: number;
  readonly to?: number;
}

/** An identity in a source app. */
export interface Account {
  /** Made by `accountId`. */
  readonly id: string;
  readonly platform: string;
  readonly kind: AccountKind | (string & {});
  readonly value: string;
  /** The best name first. */
  readonly names?: readonly AccountName[];
  readonly avatar?: Attachment;
  readonly isBot?: boolean;
  /** The same account under other numbers or handles, as `accountId` makes them. */
  readonly alsoKnownAs?: readonly string[];
  /** What its owner files the account under, in the owner's words. */
  readonly labels?: readonly string[];
  readonly residue?: JsonObject;
}

/** A human behind several accounts: made by the vault's owner only, never by a reader. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly accounts: readonly string[];
}
