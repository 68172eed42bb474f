import type { Detection, Format } from "../format.ts";
import type { Source } from "../source.ts";
import { readerOf } from "./read.ts";
import { settle } from "./settle.ts";

/** Any folder, kept as it is. It finds itself nowhere, since every source is one: a person asks for it. */
export const folder: Format = {
  id: "folder",
  detect: () => Promise.resolve(null),
  read: readerOf("folder", "files"),
  settle,
};

/** What WeChat's own program on a computer wrote when it backed up a phone: kept as it is, opened by WeChat alone. */
export const wechatOfficial: Format = {
  id: "wechat-official",
  detect: detectWechat,
  read: readerOf("wechat-official", "wechat"),
  settle,
};

/** So many files are looked at: the names that tell lie near the top. */
const LOOKED_AT = 5_000;
const containers = /(?:^|\/)BAK_\d+_(?:TEXT|MEDIA)$/;
const list = /(?:^|\/)Backup\.db$/;

/** Finds the layout of older versions by its names; newer ones have names that could be anybody's. */
async function detectWechat(source: Source): Promise<Detection | null> {
  const [lists, others]: [string[], string[]] = [[], []];
  let looked = 0;
  for await (const { path } of source.files()) {
    if (list.test(path)) lists.push(path);
    else if (containers.test(path)) others.push(path);
    if (++looked >= LOOKED_AT) break;
  }
  const isFound = lists.length > 0 && others.length > 0;
  return isFound ? { format: "wechat-official", confidence: 0.9, paths: [...lists, ...others] } : null;
}
