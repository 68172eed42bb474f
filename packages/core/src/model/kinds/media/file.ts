import { plainKind, type KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** Any other file; the attachment says all. */
export const file: KindEntry<JsonObject> = plainKind({ en: "File", zh: "文件" });
