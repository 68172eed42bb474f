import { plainKind, type KindEntry } from "../kind.ts";
import type { JsonObject } from "../../json.ts";

/** A short film that is shown round. */
export const roundVideo: KindEntry<JsonObject> = plainKind({ en: "Video message", zh: "视频消息" });
