import type { Snapshot } from "../../../src/model/index.ts";
import { sentence, title } from "../../history/words.ts";
import { accountOf } from "../names.ts";
import type { MakeContent, Scene } from "./made.ts";
import { image } from "./media.ts";
import { link } from "./shares.ts";
import { appMessage, cdata, escaped, serverId, tag } from "./xml.ts";

/** What is quoted: its type, its own text, and what a snapshot of it shows. */
interface Quoted {
  readonly type: number;
  readonly content: string;
  readonly shows: Pick<Snapshot, "kind" | "text">;
}

function quotedOf(scene: Scene): Quoted {
  const { random, before } = scene;
  const draw = random.unit();
  if (draw < 0.8) {
    const words = before?.text ?? sentence(random);
    return { type: 1, content: words, shows: { kind: "text", text: words } };
  }
  if (draw < 0.9) return { type: 3, content: escaped(image(scene).text), shows: { kind: "image" } };
  if (draw < 0.95) {
    const { text, says } = link(5)(scene);
    const { title: words } = says.payload as { title: string };
    return { type: 49, content: escaped(text), shows: { kind: "link", text: words } };
  }
  const words = title(random);
  const inner = appMessage({
    type: 57,
    tags: `${tag("title", words)}<refermsg><type>1</type><content>x</content></refermsg>`,
    from: scene.sender,
  });
  return { type: 49, content: escaped(escaped(inner)), shows: { kind: "text", text: words } };
}

/** An answer to a message, with what was answered as it was then. */
export const quote: MakeContent = (scene) => {
  const { random, before, isGroup, chat, sender } = scene;
  const [words, author] = [sentence(random), before?.sender ?? sender];
  const server = before?.server ?? serverId(random);
  const seconds = before?.sentSeconds ?? scene.sentSeconds - 60;
  const { type, content, shows } = quotedOf(scene);
  const authorName = scene.nameOf(author) ?? author;
  const from = isGroup && chat.endsWith("@chatroom") ? chat : author;
  const beside = `<msgsource><silence>0</silence><membercount>${2 + random.below(99)}</membercount></msgsource>`;
  return {
    type: 49,
    text: appMessage({
      type: 57,
      tags: `${tag("title", words)}<refermsg><type>${type}</type><svrid>${server}</svrid>${tag("fromusr", from)}${tag("chatusr", author)}<displayname>${cdata(authorName)}</displayname>${tag("content", content)}<msgsource>${escaped(beside)}</msgsource><createtime>${seconds}</createtime></refermsg>`,
      from: sender,
    }),
    says: {
      kind: "text",
      body: { text: words },
      reply: {
        target: { scheme: "wechat.server", value: server },
        snapshot: { author: accountOf(author), authorName, ...shows, sent: seconds * 1000 },
      },
    },
  };
};
