import { plainKind, type KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** Words alone; links and mentions in them are spans. */
export const text: KindEntry<JsonObject> = plainKind({ en: "Message", zh: "消息" });
