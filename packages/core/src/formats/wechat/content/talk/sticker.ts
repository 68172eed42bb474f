import { given, part, type Part, type Reading } from "../reading.ts";
import { at, attribute, countOf } from "../xml/look.ts";
import type { XmlElement } from "../xml/parse.ts";
import { md5Of } from "./media.ts";

/** What a game's sticker came to rest on, by the kind of game and its outcome. */
const games: ReadonlyMap<string, { readonly emoji: string; readonly results: ReadonlyMap<string, string> }> =
  new Map([
    [
      "1",
      {
        emoji: "✊",
        results: new Map([
          ["1", "scissors"],
          ["2", "rock"],
          ["3", "paper"],
        ]),
      },
    ],
    ["2", { emoji: "🎲", results: new Map(["4", "5", "6", "7", "8", "9"].map((n, i) => [n, `${i + 1}`])) }],
  ]);

export function readSticker(reading: Reading): Part {
  const message = at(reading.xml(reading.text), "msg");
  const emoji = at(message, "emoji");
  reading.misses(emoji);
  const md5 = attribute(emoji, "md5");
  const address = attribute(emoji, "cdnurl") ?? attribute(emoji, "thumburl");
  reading.add({
    about: {
      kind: "sticker",
      ...given({
        sizeBytes: countOf(attribute(emoji, "len")),
        width: countOf(attribute(emoji, "width")),
        height: countOf(attribute(emoji, "height")),
        caption: attribute(emoji, "attachedtext"),
        ref: address,
      }),
      ...md5Of(md5),
    },
    place: "sticker",
    otherwise: address === undefined ? "missing" : "remoteOnly",
  });
  return part("sticker", {
    ...given({ id: md5, pack: attribute(emoji, "productid") }),
    ...gameOf(at(message, "gameext")),
  });
}

function gameOf(element: XmlElement | undefined): object {
  const game = games.get(attribute(element, "type") ?? "");
  const result = game?.results.get(attribute(element, "content") ?? "");
  return game === undefined || result === undefined ? {} : { emoji: game.emoji, result };
}
