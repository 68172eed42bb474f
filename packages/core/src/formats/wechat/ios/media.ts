import type { AppleBackup, BackupFile } from "../../../apple/index.ts";
import { compareText, type Attachment, type SourceFile } from "../../../model/index.ts";
import type { RowFile } from "../content/index.ts";
import { appDomain } from "./people/account.ts";

/** The files of one chat, by their place below the account's folder without the chat's own part. */
export interface ChatFiles {
  readonly byPath: ReadonlyMap<string, BackupFile>;
  /** Paths by what stands before their ending, for files of which the ending is not known. */
  readonly byStem: ReadonlyMap<string, readonly string[]>;
}

const previews = /\.(?:pic_thum|record_thumb)$|_pre3$/;
const folders = ["Img", "Audio", "Video", "OpenData"];

/** Lists the files that WeChat keeps beside a chat: `Img/<chat>/<number>.pic` and their like. */
export async function chatFiles(
  backup: AppleBackup,
  { folder, chat }: { readonly folder: string; readonly chat: string },
): Promise<ChatFiles> {
  const byPath = new Map<string, BackupFile>();
  const byStem = new Map<string, string[]>();
  for (const kind of folders) {
    const prefix = `Documents/${folder}/${kind}/${chat}/`;
    for await (const file of backup.within(appDomain, prefix)) {
      const path = `${kind}/${file.path.slice(prefix.length)}`;
      byPath.set(path, file);
      if (kind !== "OpenData" || previews.test(path)) continue;
      const stem = path.slice(0, path.lastIndexOf("."));
      const same = byStem.get(stem);
      if (same === undefined) byStem.set(stem, [path]);
      else same.push(path);
    }
  }
  return { byPath, byStem };
}

const numbered = /^[^/]+\/(\d+)/;

/** What tells whether the files of a row are what they were, by the row's number. */
export function stampsOf({ byPath }: ChatFiles): ReadonlyMap<number, string> {
  const stamps = new Map<number, string>();
  for (const path of [...byPath.keys()].sort(compareText)) {
    const number = Number(numbered.exec(path)?.[1] ?? NaN);
    if (Number.isNaN(number)) continue;
    stamps.set(number, `${stamps.get(number) ?? ""}${path}\0${byPath.get(path)!.stamp()}\0`);
  }
  return stamps;
}

/** What a row's file is, and its content where the backup has it. */
export async function attachmentOf(
  { about, place, extension, dataId, otherwise }: RowFile,
  number: string,
  files: ChatFiles,
): Promise<RowsFile> {
  let isAwaited = false;
  for (const path of placesOf(place, { number, extension, dataId }, files)) {
    const listed = files.byPath.get(path);
    const file = await listed?.open();
    isAwaited ||= listed !== undefined && listed.sizeBytes() > (file?.sizeBytes ?? 0);
    if (file !== undefined && file.sizeBytes > 0)
      return { attachment: { ...about, state: "present" }, file, isAwaited };
  }
  return { attachment: { ...about, state: otherwise }, file: undefined, isAwaited };
}

interface RowsFile {
  readonly attachment: Attachment;
  readonly file: SourceFile | undefined;
  /** Whether the backup lists a better or a longer one than is there: it may be copied in part, and the rest come later. */
  readonly isAwaited: boolean;
}

interface Named {
  readonly number: string;
  readonly extension: string | undefined;
  readonly dataId: string | undefined;
}

/** Where it may lie, the best form first. */
function placesOf(
  place: RowFile["place"],
  { number, extension, dataId }: Named,
  { byStem }: ChatFiles,
): readonly string[] {
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
        ? (byStem.get(`OpenData/${number}`) ?? [])
        : [`OpenData/${number}.${extension}`];
    case "item":
      return byStem.get(`OpenData/${number}/${dataId}`) ?? [];
    default:
      return [];
  }
}
