import type { Attachment, Draft, JsonObject, JsonValue, Kind, Message } from "../../../model/index.ts";
import { isObject } from "../../json-values.ts";

/** A message's file as the export names it. */
export interface ReadFile {
  readonly attachment: Attachment;
  /** Where it lies in the export; undefined where only a placeholder stands. */
  readonly path: string | undefined;
}

const mediaKinds: Readonly<Record<string, Kind>> = {
  sticker: "sticker",
  video_message: "roundVideo",
  voice_message: "voice",
  animation: "gif",
  video_file: "video",
  audio_file: "audio",
};
const mediaTypes: ReadonlyMap<string, string> = new Map(
  Object.entries(mediaKinds).map(([type, kind]) => [kind, type]),
);

const placeholder = /^\((?:File|Photo) (not included|exceeds maximum size|unavailable)[^()]*\)$/;
const notIncluded = "(File not included. Change data exporting settings to download.)";
const unavailable = "(File unavailable, please try again later)";

function fileOf(value: JsonValue | undefined, about: Partial<Attachment>): ReadFile | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const [, reason] = placeholder.exec(value) ?? [];
  if (reason === undefined) return { attachment: { state: "present", ...about }, path: value };
  const state = reason === "unavailable" ? "unavailable" : "omitted";
  return { attachment: { state, stateReason: value, ...about }, path: undefined };
}

/** The kind of a message with a photo or a file, and its files: the thing itself, then its thumbnail. */
export function readMedia(
  message: JsonObject,
): { readonly kind: Kind; readonly files: ReadFile[] } | undefined {
  const isPhoto = typeof message["photo"] === "string";
  if (!isPhoto && typeof message["file"] !== "string") return undefined;
  const type = message["media_type"];
  const known = typeof type === "string" && Object.hasOwn(mediaKinds, type) ? mediaKinds[type] : undefined;
  const kind: Kind = isPhoto ? "image" : (known ?? "file");
  const files = [
    fileOf(message[isPhoto ? "photo" : "file"], describe(message, kind, isPhoto)),
    fileOf(message["thumbnail"], { role: "thumb", kind: "image", ...size(message["thumbnail_file_size"]) }),
  ];
  return { kind, files: files.filter((file) => file !== undefined) };
}

/** The file of a custom emoji; undefined where its id or a placeholder stands instead. */
export function readEmoji(text: string): ReadFile | undefined {
  if (!text.includes("/")) return undefined;
  return fileOf(text, { role: "preview", kind: "sticker" });
}

/** The card that a contact was sent as. */
export function readCard(message: JsonObject): ReadFile | undefined {
  return fileOf(message["contact_vcard"], { kind: "file", ...size(message["contact_vcard_file_size"]) });
}

function describe(message: JsonObject, kind: Kind, isPhoto: boolean): Partial<Attachment> {
  const about: Draft<Partial<Attachment>> = { kind };
  Object.assign(about, size(message[isPhoto ? "photo_file_size" : "file_size"]));
  const name = message["file_name"];
  if (typeof name === "string" && name !== "" && !name.includes("/")) about.fileName = name;
  const mime = message["mime_type"];
  if (typeof mime === "string" && mime !== "") about.mime = mime;
  const seconds = count(message["duration_seconds"]);
  if (seconds !== undefined) about.durationMs = seconds * 1000;
  const [width, height] = [count(message["width"]), count(message["height"])];
  if (width !== undefined) about.width = width;
  if (height !== undefined) about.height = height;
  if (message["media_spoiler"] === true) about.spoiler = true;
  return about;
}

function size(value: JsonValue | undefined): Partial<Attachment> {
  const sizeBytes = count(value);
  return sizeBytes === undefined ? {} : { sizeBytes };
}

/** The largest number of seconds that is safe in milliseconds. */
const maxCount = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** A whole number from 0 on that stays safe in milliseconds. */
export function count(value: unknown): number | undefined {
  const isCount = typeof value === "number" && value >= 0 && Number.isInteger(value) && value <= maxCount;
  return isCount ? value : undefined;
}

/** Where the files of a message lie, by place in its attachments; undefined: the writer knows no place. */
export type PathOf = (place: number) => string | undefined;

/** The fields of a message with files. What stands in for a file whose place is unknown is left out. */
export function mediaFields(message: Message, pathOf: PathOf): JsonObject {
  const attachments = message.attachments ?? [];
  const main = attachments.findIndex(({ role }) => role === undefined || role === "main");
  if (main < 0) return {};
  const thumb = attachments.findIndex(({ role }) => role === "thumb");
  const about = attachments[main]!;
  const isPhoto = message.kind === "image";
  return {
    ...slot(isPhoto ? "photo" : "file", about, pathOf(main)),
    ...present(isPhoto ? "photo_file_size" : "file_size", about.sizeBytes),
    ...(thumb >= 0 && slot("thumbnail", attachments[thumb]!, pathOf(thumb))),
    ...(thumb >= 0 && present("thumbnail_file_size", attachments[thumb]!.sizeBytes)),
    ...present("file_name", about.fileName),
    ...present("media_type", mediaTypes.get(message.kind)),
    ...present("mime_type", about.mime),
    ...present("duration_seconds", about.durationMs === undefined ? undefined : seconds(about.durationMs)),
    ...present("width", about.width),
    ...present("height", about.height),
    ...present("media_spoiler", about.spoiler),
  };
}

/** The field of a file: its path, or the words that stand in for it. */
export function slot(key: string, about: Attachment, path: string | undefined): JsonObject {
  if (path !== undefined) return { [key]: path };
  if (about.state === "present" || about.state === "missing") return {};
  if (about.stateReason !== undefined && placeholder.test(about.stateReason))
    return { [key]: about.stateReason };
  return { [key]: about.state === "omitted" ? notIncluded : unavailable };
}

/** The fields of a record that name a file. */
const fileKeys: ReadonlySet<string> = new Set(["photo", "file", "thumbnail", "contact_vcard", "document_id"]);

/** The same record, or part of it, with other paths for the files that went elsewhere. */
export function withPaths(json: JsonObject, moved: ReadonlyMap<string, string>): JsonObject {
  const put = (value: JsonValue, key: string): JsonValue => {
    if (typeof value === "string") return (fileKeys.has(key) && moved.get(value)) || value;
    if (Array.isArray(value)) return value.map((item: JsonValue) => put(item, ""));
    return isObject(value) ? withPaths(value, moved) : value;
  };
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, put(value, key)]));
}

/** A field, or nothing. */
export function present(key: string, value: JsonValue | undefined): JsonObject {
  return value === undefined ? {} : { [key]: value };
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Digits as the number that they are, where it is one. */
export function numberOf(digits: string): JsonValue {
  const value = Number(digits);
  return Number.isFinite(value) && String(value) === digits ? value : { $number: digits };
}

/** A text, or nothing for an empty one. */
export function words(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The text of a text, or of a list of texts and entities. */
export function looseWords(value: JsonValue | undefined): string | undefined {
  if (!Array.isArray(value)) return words(value);
  const texts = value.map((run) => (isObject(run) ? run["text"] : run));
  return words(texts.filter((text) => typeof text === "string").join(""));
}
