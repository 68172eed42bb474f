import { base64Of, type Bytes } from "../../base/index.ts";
import type { Attachment, JsonValue, SourceFile } from "../../model/index.ts";
import { formatLimits } from "../format.ts";
import { memoryFile } from "../memory.ts";
import { readBytes } from "../source.ts";

/** A picture as a member or a group has it. */
export interface Avatar {
  readonly avatar: Attachment;
  readonly file: SourceFile | undefined;
}

const dataUrl = /^data:(image\/[a-z0-9.+-]+);base64,([A-Za-z0-9+/]+={0,2})$/;

/** The picture of a data URL or an address; undefined where it is neither. */
export function readAvatar(value: JsonValue | undefined, path: string): Avatar | undefined {
  if (typeof value !== "string" || value.length > 2 * formatLimits.inlineBytes) return undefined;
  if (/^https?:\/\//.test(value))
    return { avatar: { state: "remoteOnly", kind: "avatar", ref: value }, file: undefined };
  const [, mime, base64] = dataUrl.exec(value) ?? [];
  const bytes = base64 === undefined ? undefined : fromBase64(base64);
  if (mime === undefined || bytes === undefined || base64Of(bytes) !== base64) return undefined;
  const file = memoryFile(path, bytes);
  return { avatar: { state: "present", kind: "avatar", mime, sizeBytes: bytes.length }, file };
}

/** The picture as a data URL, or its address; undefined where there is neither, or it is too big for that. */
export async function avatarText(
  avatar: Attachment | undefined,
  file: SourceFile | undefined,
): Promise<string | undefined> {
  if (file === undefined) return avatar?.state === "remoteOnly" ? avatar.ref : undefined;
  if (file.sizeBytes > formatLimits.inlineBytes) return undefined;
  const bytes = await readBytes(file, formatLimits.inlineBytes);
  return `data:${avatar?.mime ?? mimeOf(bytes)};base64,${base64Of(bytes)}`;
}

function mimeOf(bytes: Bytes): string {
  if (bytes[0] === 0x89) return "image/png";
  if (bytes[0] === 0x47) return "image/gif";
  return bytes[0] === 0x52 ? "image/webp" : "image/jpeg";
}

function fromBase64(text: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
