import type { VNode } from "preact";
import { say } from "../state/language.ts";
import { kindWords } from "../words/kinds.ts";
import { BodyText } from "./body.tsx";
import { AnyCard, ContactCard, EventCard, Place } from "./cards.tsx";
import { Call, Gift, Invoice, RedPacket, Transfer } from "./events.tsx";
import type { BubbleGiven, Drawing } from "./given.ts";
import { AnyFile, Film, Picture, Sound } from "./media.tsx";
import { Bundle, Poll, Todo, Unknown } from "./talk.tsx";

const labelled =
  (label: "miniProgram" | "music" | "game"): Drawing =>
  (given) => <AnyCard {...given} label={say(kindWords)[label]} />;

const Plain: Drawing = (given) => <AnyCard {...given} label="" />;

/** How the content of each kind is drawn; a text has none besides its body. */
const drawn: Readonly<Record<string, { readonly Draw: Drawing; readonly hasBody?: true }>> = {
  text: { Draw: () => null, hasBody: true },
  image: { Draw: Picture, hasBody: true },
  gif: { Draw: Picture, hasBody: true },
  sticker: { Draw: Picture },
  video: { Draw: Film, hasBody: true },
  roundVideo: { Draw: Film, hasBody: true },
  voice: { Draw: Sound, hasBody: true },
  audio: { Draw: Sound, hasBody: true },
  file: { Draw: AnyFile, hasBody: true },
  link: { Draw: Plain },
  miniProgram: { Draw: labelled("miniProgram") },
  contact: { Draw: ContactCard },
  location: { Draw: Place },
  liveLocation: { Draw: Place },
  music: { Draw: labelled("music") },
  post: { Draw: Plain },
  card: { Draw: Plain },
  game: { Draw: labelled("game") },
  event: { Draw: EventCard },
  call: { Draw: Call },
  transfer: { Draw: Transfer },
  redPacket: { Draw: RedPacket },
  invoice: { Draw: Invoice },
  gift: { Draw: Gift },
  forwardBundle: { Draw: Bundle },
  poll: { Draw: Poll },
  todo: { Draw: Todo },
  storyReply: { Draw: Plain, hasBody: true },
};

/** What a message, or an item of a bundle, says. */
export function Content(given: BubbleGiven): VNode {
  const { message } = given;
  const entry = drawn[message.kind];
  if (entry === undefined) return <Unknown {...given} />;
  const { Draw, hasBody } = entry;
  return (
    <>
      <Draw {...given} Inner={Content} />
      {hasBody === true && message.body !== undefined && message.body.text !== "" && (
        <BodyText body={message.body} />
      )}
    </>
  );
}
