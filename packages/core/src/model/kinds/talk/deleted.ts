import { plainKind, type KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** A message of which only the place is left; `deletion` says how it went. */
export const deleted: KindEntry<JsonObject> = plainKind({ en: "Deleted message", zh: "已删除的消息" });
