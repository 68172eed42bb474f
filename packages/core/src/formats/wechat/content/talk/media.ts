import type { SourceHash } from "../../../../model/index.ts";
import { given, part, type Part, type Reading } from "../reading.ts";
import { at, attribute, countOf } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";

/** A hash that an element states, where it is one. */
export function md5Of(value: string | undefined): { readonly hashes?: readonly SourceHash[] } {
  const isHash = value !== undefined && /^[0-9a-fA-F]{32}$/.test(value);
  return isHash ? { hashes: [{ algorithm: "md5", value }] } : {};
}

function counts(element: XmlElement | undefined, names: readonly string[]): number | undefined {
  for (const name of names) {
    const count = countOf(attribute(element, name));
    if (count !== undefined) return count;
  }
  return undefined;
}

/** The picture is in its place whether or not its XML can be read: the kind stays. */
export function readImage(reading: Reading): Part {
  const image = at(reading.xml(reading.text), "msg", "img");
  reading.misses(image);
  reading.add({
    about: {
      kind: "image",
      ...given({
        sizeBytes: counts(image, ["hdlength", "length"]),
        width: counts(image, ["cdnhdwidth", "cdnmidwidth"]),
        height: counts(image, ["cdnhdheight", "cdnmidheight"]),
      }),
      ...md5Of(attribute(image, "originsourcemd5") ?? attribute(image, "md5")),
    },
    place: "image",
    otherwise: "missing",
  });
  reading.add({
    about: { kind: "image", role: "thumb", ...thumbSize(image) },
    place: "imageThumb",
    otherwise: "missing",
    isOptional: true,
  });
  return part("image", {});
}

function thumbSize(element: XmlElement | undefined): object {
  return given({
    sizeBytes: counts(element, ["cdnthumblength"]),
    width: counts(element, ["cdnthumbwidth"]),
    height: counts(element, ["cdnthumbheight"]),
  });
}

/** What sorts of sound `voiceformat` names. */
const voiceTypes: ReadonlyMap<string, string> = new Map([
  ["0", "audio/amr"],
  ["4", "audio/silk"],
]);
/** Who spoke, how long in milliseconds, and a mark. */
const plainVoice = /^[^:\n]{0,128}:(\d{1,9}):\d+\s*$/;

export function readVoice(reading: Reading): Part {
  const plain = plainVoice.exec(reading.text)?.[1];
  const voice = at(reading.xml(reading.text), "msg", "voicemsg");
  if (plain === undefined) reading.misses(voice);
  reading.add({
    about: {
      kind: "voice",
      ...given({
        mime: voiceTypes.get(attribute(voice, "voiceformat") ?? ""),
        sizeBytes: counts(voice, ["length"]),
        durationMs: countOf(plain) ?? counts(voice, ["voicelength"]),
      }),
      ...md5Of(attribute(voice, "voicemd5")),
    },
    place: "voice",
    otherwise: "missing",
  });
  return part("voice", {});
}

export function readVideo(reading: Reading): Part {
  const video = at(reading.xml(reading.text), "msg", "videomsg");
  reading.misses(video);
  const seconds = counts(video, ["playlength"]);
  reading.add({
    about: {
      kind: "video",
      mime: "video/mp4",
      ...given({
        sizeBytes: counts(video, ["length", "rawlength"]),
        durationMs: seconds === undefined ? undefined : seconds * 1000,
      }),
      ...md5Of(attribute(video, "md5") ?? attribute(video, "newmd5")),
    },
    place: "video",
    otherwise: "missing",
  });
  reading.add({
    about: { kind: "image", role: "thumb", ...thumbSize(video) },
    place: "videoThumb",
    otherwise: "missing",
    isOptional: true,
  });
  return part("video", {});
}
