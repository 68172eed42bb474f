import { plainKind, type KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** A still picture; the attachment says all. */
export const image: KindEntry<JsonObject> = plainKind({ en: "Photo", zh: "图片" });
