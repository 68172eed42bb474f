import type { Bytes } from "../base/index.ts";

/** A kind of picture or sound, as its first bytes say. */
export interface MediaType {
  readonly name: MediaName;
  readonly mime: string;
  /** Without a dot. */
  readonly extension: string;
  /** Whether only WeChat, or hardly a browser or player, opens it. */
  readonly isForeign: boolean;
}

export type MediaName = "jpeg" | "png" | "gif" | "webp" | "heic" | "wxgf" | Sound;
type Sound = "silk" | "amr" | "amr-wb" | "wav" | "mp3" | "m4a" | "ogg";

type Entry = readonly [name: MediaName, mime: string, extension: string, ...marks: readonly Mark[]];
/** What stands somewhere, as one byte a character. */
type Mark = readonly [at: number, text: string];

const foreign: ReadonlySet<MediaName> = new Set(["wxgf", "silk", "amr", "amr-wb"]);

const brands = (...names: readonly string[]): readonly Mark[] => names.map((name) => [4, `ftyp${name}`]);

/** Each with its marks, of which one must be there. */
const entries: readonly Entry[] = [
  ["jpeg", "image/jpeg", "jpg", [0, "\xff\xd8\xff"]],
  ["png", "image/png", "png", [0, "\x89PNG\r\n\x1a\n"]],
  ["gif", "image/gif", "gif", [0, "GIF87a"], [0, "GIF89a"]],
  ["heic", "image/heic", "heic", ...brands("heic", "heix", "heim", "heis", "hevc", "mif1", "msf1")],
  ["wxgf", "image/wxgf", "wxgf", [0, "wxgf"]],
  ["silk", "audio/silk", "silk", [0, "\x02#!SILK_V3"], [0, "#!SILK_V3"]],
  ["amr", "audio/amr", "amr", [0, "#!AMR\n"]],
  ["amr-wb", "audio/amr-wb", "awb", [0, "#!AMR-WB\n"]],
  ["m4a", "audio/mp4", "m4a", ...brands("M4A ", "M4B ")],
  ["ogg", "audio/ogg", "ogg", [0, "OggS"]],
  ["mp3", "audio/mpeg", "mp3", [0, "ID3"]],
];
const riff: readonly Entry[] = [
  ["webp", "image/webp", "webp", [8, "WEBP"]],
  ["wav", "audio/wav", "wav", [8, "WAVE"]],
];
const types = new Map([...entries, ...riff].map((entry) => [entry[0], typeOf(entry)]));

/** What a file is by its first 16 bytes; undefined for what is no picture or sound that is known here. */
export function mediaTypeOf(bytes: Bytes): MediaType | undefined {
  const found = (has(bytes, [0, "RIFF"]) ? riff : entries).find(([, , , ...marks]) =>
    marks.some((mark) => has(bytes, mark)),
  );
  const name = found?.[0] ?? (isMp3Frame(bytes) ? "mp3" : undefined);
  return name === undefined ? undefined : types.get(name);
}

function typeOf([name, mime, extension]: Entry): MediaType {
  return { name, mime, extension, isForeign: foreign.has(name) };
}

function has(bytes: Bytes, [at, text]: Mark): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** A frame of MPEG layer III, without the ID3 that most files begin with. */
function isMp3Frame(bytes: Bytes): boolean {
  const [sync = 0, kind = 0, rates = 0] = bytes;
  const isLayer3 = sync === 0xff && (kind & 0xe6) === 0xe2 && (kind & 0x18) !== 0x08;
  const [bitRate, sampleRate] = [rates >> 4, (rates >> 2) & 3];
  return isLayer3 && bitRate > 0 && bitRate < 15 && sampleRate < 3;
}
