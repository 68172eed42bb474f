import type { PostPayload } from "../../../../model/index.ts";
import { given, part, type Reading } from "../reading.ts";
import { all, at, countAt, keyAt, textAt } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import { addressOf, addRemote, type AppReader } from "./shares.ts";

/** Where the things of a feed lie in an app message or a bundle's item, by what they are. */
const sorts: readonly { readonly path: string; readonly type: NonNullable<PostPayload["type"]> }[] = [
  { path: "finderFeed", type: "video" },
  { path: "finderLive", type: "live" },
  { path: "findernamecard", type: "profile" },
  { path: "finderNameCard", type: "profile" },
  { path: "finderShareNameCard", type: "profile" },
];

/** A video, live or profile of a feed, wherever it is shared. */
export function feedOf(
  element: XmlElement | undefined,
): { post: PostPayload; source: XmlElement } | undefined {
  for (const { path, type } of sorts) {
    const source = at(element, path);
    if (source === undefined) continue;
    const post = {
      type,
      ...given({
        authorName: textAt(source, "nickname"),
        text: textAt(source, "desc"),
        id: keyAt(source, "objectId") ?? keyAt(source, "finderLiveID") ?? keyAt(source, "username"),
      }),
    };
    return { post, source };
  }
  return undefined;
}

export const readFeed: AppReader = ({ app, message }, reading) => {
  const feed = feedOf(app) ?? feedOf(message);
  if (feed === undefined) return undefined;
  for (const media of [...all(at(feed.source, "mediaList"), "media"), ...all(feed.source, "media")])
    addCover(media, reading);
  return part("post", feed.post);
};

/** The picture that stands for a video; the video itself is not kept by WeChat. */
function addCover(media: XmlElement, reading: Reading): void {
  const ref = ["thumbUrl", "coverUrl", "fullCoverUrl"]
    .map((name) => addressOf(textAt(media, name)))
    .find((address) => address !== undefined);
  addRemote(reading, ref, given({ width: countAt(media, "width"), height: countAt(media, "height") }));
}
