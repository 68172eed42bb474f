import type { AppleBackup } from "../../../apple/index.ts";
import type { Attachment, SourceFile } from "../../../model/index.ts";
import type { RowFile } from "../content/index.ts";
import { appDomain } from "./account.ts";

/** The files of one chat, by their place below the account's folder without the chat's own part. */
export type ChatFiles = ReadonlyMap<string, SourceFile>;

const folders = ["Img", "Audio", "Video", "OpenData"];

/** Lists the files that WeChat keeps beside a chat: `Img/<chat>/<number>.pic` and their like. */
export async function chatFiles(
  backup: AppleBackup,
  { folder, chat }: { readonly folder: string; readonly chat: string },
): Promise<ChatFiles> {
  const files = new Map<string, SourceFile>();
  for (const kind of folders) {
    const prefix = `Documents/${folder}/${kind}/${chat}/`;
    for await (const { path, file } of backup.within(appDomain, prefix))
      files.set(`${kind}/${path.slice(prefix.length)}`, file);
  }
  return files;
}

/** What a row's file is, and its content where the backup has it. */
export function attachmentOf(
  { about, place, extension, dataId, otherwise }: RowFile,
  number: string,
  files: ChatFiles,
): { readonly attachment: Attachment; readonly file: SourceFile | undefined } {
  const file = placesOf(place, { number, extension, dataId }, files)
    .map((path) => files.get(path))
    .find((each) => each !== undefined && each.sizeBytes > 0);
  return { attachment: { ...about, state: file === undefined ? otherwise : "present" }, file };
}

interface Named {
  readonly number: string;
  readonly extension: string | undefined;
  readonly dataId: string | undefined;
}

/** Where it may lie, the best form first. */
function placesOf(place: RowFile["place"], { number, extension, dataId }: Named, files: ChatFiles): string[] {
  switch (place) {
    case "image":
      return [`Img/${number}.pic_hd`, `Img/${number}.pic`];
    case "imageThumb":
      return [`Img/${number}.pic_thum`];
    case "voice":
      return [`Audio/${number}.aud`];
    case "video":
      return [`Video/${number}_raw.mp4`, `Video/${number}.mp4`];
    case "videoThumb":
      return [`Video/${number}.video_thum`];
    case "preview":
      return [`OpenData/${number}.pic_thum`];
    case "file":
      return extension === undefined
        ? namesOf(`OpenData/${number}.`, files)
        : [`OpenData/${number}.${extension}`];
    case "item":
      return dataId === undefined ? [] : namesOf(`OpenData/${number}/${dataId}.`, files);
    default:
      return [];
  }
}

/** Names that begin so, previews left out. */
function namesOf(start: string, files: ChatFiles): string[] {
  const previews = /\.(?:pic_thum|record_thumb)$|_pre3$/;
  return [...files.keys()].filter((name) => name.startsWith(start) && !previews.test(name)).sort();
}
