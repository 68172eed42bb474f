import { plainKind, type KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** A film; the attachment says all. */
export const video: KindEntry<JsonObject> = plainKind({ en: "Video", zh: "视频" });
