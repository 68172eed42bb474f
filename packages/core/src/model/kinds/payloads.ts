import type { JsonObject } from "../json.ts";
import type { CardPayload } from "./cards/card.ts";
import type { ContactPayload } from "./cards/contact.ts";
import type { EventPayload } from "./cards/event.ts";
import type { GamePayload } from "./cards/game.ts";
import type { LinkPayload } from "./cards/link.ts";
import type { LiveLocationPayload } from "./cards/live-location.ts";
import type { LocationPayload } from "./cards/location.ts";
import type { MiniProgramPayload } from "./cards/mini-program.ts";
import type { MusicPayload } from "./cards/music.ts";
import type { PostPayload } from "./cards/post.ts";
import type { CallPayload } from "./events/call.ts";
import type { GiftPayload } from "./events/gift.ts";
import type { InvoicePayload } from "./events/invoice.ts";
import type { RedPacketPayload } from "./events/red-packet.ts";
import type { SystemPayload } from "./events/system.ts";
import type { TransferPayload } from "./events/transfer.ts";
import type { AudioPayload } from "./media/audio.ts";
import type { ForwardBundlePayload } from "./talk/forward-bundle.ts";
import type { PollPayload } from "./talk/poll.ts";
import type { StickerPayload } from "./talk/sticker.ts";
import type { StoryReplyPayload } from "./talk/story-reply.ts";
import type { TodoPayload } from "./talk/todo.ts";
import type { UnknownPayload } from "./talk/unknown.ts";

/** The payload of every kind; a plain JsonObject where the kind defines none. */
export interface Payloads {
  // talk
  readonly text: JsonObject;
  readonly sticker: StickerPayload;
  readonly poll: PollPayload;
  readonly todo: TodoPayload;
  readonly forwardBundle: ForwardBundlePayload;
  readonly storyReply: StoryReplyPayload;
  readonly deleted: JsonObject;
  readonly unknown: UnknownPayload;
  // media
  readonly image: JsonObject;
  readonly video: JsonObject;
  readonly audio: AudioPayload;
  readonly voice: JsonObject;
  readonly roundVideo: JsonObject;
  readonly gif: JsonObject;
  readonly file: JsonObject;
  // cards
  readonly link: LinkPayload;
  readonly miniProgram: MiniProgramPayload;
  readonly contact: ContactPayload;
  readonly location: LocationPayload;
  readonly liveLocation: LiveLocationPayload;
  readonly music: MusicPayload;
  readonly post: PostPayload;
  readonly card: CardPayload;
  readonly game: GamePayload;
  readonly event: EventPayload;
  // events
  readonly system: SystemPayload;
  readonly call: CallPayload;
  readonly transfer: TransferPayload;
  readonly redPacket: RedPacketPayload;
  readonly invoice: InvoicePayload;
  readonly gift: GiftPayload;
}

export type Kind = keyof Payloads;
export type PayloadOf<K extends Kind> = Payloads[K];
