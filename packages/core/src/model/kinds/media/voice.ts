import { plainKind, type KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** A spoken message; length and transcript stand in the attachment. */
export const voice: KindEntry<JsonObject> = plainKind({ en: "Voice message", zh: "语音" });
