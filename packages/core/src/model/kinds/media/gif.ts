import { plainKind, type KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** A moving picture without sound. */
export const gif: KindEntry<JsonObject> = plainKind({ en: "GIF", zh: "动图" });
