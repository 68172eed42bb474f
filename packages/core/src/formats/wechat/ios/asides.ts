import type { AppleBackup } from "../../../apple/index.ts";
import { throwIfAborted } from "../../../base/index.ts";
import type { Aside } from "../../../model/index.ts";
import { appDomain } from "./people/account.ts";

/** Folders of an account that hold chats or what is needed to read them. */
const ofChats = /^(?:DB|Img|Audio|Video|OpenData|session|mmsetting\.archive)(?:\/|$)/;
const ofAccount = /^Documents\/([0-9a-f]{32})\/(.+)$/;
const settings = /^Documents\/(?:LoginInfo2\.dat$|MMappedKV\/)/;

/** What WeChat keeps beside the chats of an account: told apart by its place, never opened. */
export async function asidesOf(
  backup: AppleBackup,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Aside[]> {
  const sums = new Map<Aside["what"], { files: number; bytes: number }>();
  for await (const file of backup.within(appDomain, "")) {
    throwIfAborted(signal);
    const what = kindOf(file.path, folder);
    if (what === undefined) continue;
    const sum = sums.get(what) ?? { files: 0, bytes: 0 };
    sums.set(what, { files: sum.files + 1, bytes: sum.bytes + file.sizeBytes() });
  }
  return [...sums].map(([what, sum]) => ({ what, ...sum }));
}

/** Undefined for what is of chats, and for what is of another account. */
function kindOf(path: string, folder: string): Aside["what"] | undefined {
  const [, account, place = ""] = ofAccount.exec(path) ?? [];
  if (account === undefined) return settings.test(path) ? undefined : "cache";
  if (account !== folder || ofChats.test(place)) return undefined;
  if (place.startsWith("wc/")) return "moments";
  return /^Fav/i.test(place) ? "favourites" : "cache";
}
