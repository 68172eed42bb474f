import { text } from "./talk/text.ts";
import { sticker } from "./talk/sticker.ts";
import { poll } from "./talk/poll.ts";
import { todo } from "./talk/todo.ts";
import { forwardBundle } from "./talk/forward-bundle.ts";
import { storyReply } from "./talk/story-reply.ts";
import { deleted } from "./talk/deleted.ts";
import { unknown } from "./talk/unknown.ts";
import { image } from "./media/image.ts";
import { video } from "./media/video.ts";
import { audio } from "./media/audio.ts";
import { voice } from "./media/voice.ts";
import { roundVideo } from "./media/round-video.ts";
import { gif } from "./media/gif.ts";
import { file } from "./media/file.ts";
import { link } from "./cards/link.ts";
import { miniProgram } from "./cards/mini-program.ts";
import { contact } from "./cards/contact.ts";
import { location } from "./cards/location.ts";
import { liveLocation } from "./cards/live-location.ts";
import { music } from "./cards/music.ts";
import { post } from "./cards/post.ts";
import { card } from "./cards/card.ts";
import { game } from "./cards/game.ts";
import { event } from "./cards/event.ts";
import { system } from "./events/system.ts";
import { call } from "./events/call.ts";
import { transfer } from "./events/transfer.ts";
import { redPacket } from "./events/red-packet.ts";
import { invoice } from "./events/invoice.ts";
import { gift } from "./events/gift.ts";
import type { KindEntry } from "./kind.ts";
import type { Kind, PayloadOf } from "./payloads.ts";

/** Everything that Keepsake knows of each kind. A new kind is a new file and a line here and in `Payloads`. */
export const kinds: { readonly [K in Kind]: KindEntry<PayloadOf<K>> } = {
  // talk
  text,
  sticker,
  poll,
  todo,
  forwardBundle,
  storyReply,
  deleted,
  unknown,
  // media
  image,
  video,
  audio,
  voice,
  roundVideo,
  gif,
  file,
  // cards
  link,
  miniProgram,
  contact,
  location,
  liveLocation,
  music,
  post,
  card,
  game,
  event,
  // events
  system,
  call,
  transfer,
  redPacket,
  invoice,
  gift,
};

const entryByKind: ReadonlyMap<string, KindEntry<object>> = new Map(Object.entries(kinds));

/** What is known of a kind; undefined for a later one. */
export function kindEntry(kind: string): KindEntry<object> | undefined {
  return entryByKind.get(kind);
}
