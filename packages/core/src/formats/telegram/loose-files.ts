import type { JsonObject, JsonValue, ReadEvent } from "../../model/index.ts";
import { isObject } from "../json-values.ts";
import { isInsidePath, type Source } from "../source.ts";
import type { Frame } from "./frame.ts";

/** Sections of a full export whose entries name files, and the field that does. */
const sections = { profile_pictures: "photo", stories: "media" } as const;

/** The files of an export that belong to no message: profile pictures and stories. */
export async function* looseFiles(frame: Frame, folder: string, source: Source): AsyncGenerator<ReadEvent> {
  for (const [section, field] of Object.entries(sections)) {
    for (const entry of entries(frame.root[section])) {
      const path = entry[field];
      if (typeof path !== "string" || !isInsidePath(path)) continue;
      const file = await source.file(folder + path);
      if (file === undefined) continue;
      const kind = section === "profile_pictures" ? "avatar" : "image";
      yield { type: "file", attachment: { state: "present", kind, sizeBytes: file.sizeBytes }, file };
    }
  }
}

function entries(section: JsonValue | undefined): readonly JsonObject[] {
  const list = isObject(section) ? section["list"] : section;
  return Array.isArray(list) ? (list as readonly JsonValue[]).filter(isObject) : [];
}
