import { given, part, type Part, type Reading } from "../reading.ts";
import { md5Of } from "../talk/media.ts";
import { at, countAt, keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import type { AppMessage, AppReader } from "./shares.ts";

/** The last part of what may be a path, without what no file name holds. */
export function fileNameOf(text: string | undefined): string | undefined {
  const name = text?.split(/[/\\]/).at(-1)!.replaceAll("\u0000", "").trim();
  return name === "" || name === "." || name === ".." ? undefined : name;
}

/** An ending that is fit for a file's name. */
export function extensionOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z0-9]{1,16}$/.test(text) ? text.toLowerCase() : undefined;
}

function attached(app: XmlElement): { readonly sizeBytes?: number } {
  return given({ sizeBytes: countAt(app, "appattach", "totallen") });
}

export const readFile: AppReader = ({ app }, reading): Part => {
  const extension = extensionOf(keyAt(app, "appattach", "fileext"));
  reading.add({
    about: {
      kind: "file",
      ...given({ fileName: fileNameOf(textAt(app, "title")) }),
      ...attached(app),
      ...md5Of(keyAt(app, "md5")),
    },
    place: "file",
    ...given({ extension }),
    otherwise: "missing",
  });
  return part("file", {});
};

/** A picture that another app shared. */
export const readPicture: AppReader = ({ app }, reading): Part => {
  const extension = extensionOf(keyAt(app, "appattach", "fileext"));
  reading.add({
    about: { kind: "image", ...attached(app), ...md5Of(keyAt(app, "md5")) },
    place: "file",
    ...given({ extension }),
    otherwise: "missing",
  });
  const title = textAt(app, "title");
  return part("image", {}, title === undefined ? {} : { body: { text: title } });
};

/** A sticker or moving picture that another app shared. */
export const readAppSticker: AppReader = ({ app }: AppMessage, reading: Reading): Part => {
  const md5 = keyAt(app, "appattach", "emoticonmd5");
  reading.add({
    about: { kind: "sticker", ...attached(app), ...md5Of(md5) },
    place: at(app, "appattach", "emoticonmd5") === undefined ? "file" : "sticker",
    otherwise: "missing",
  });
  return part("sticker", given({ id: md5 }));
};
