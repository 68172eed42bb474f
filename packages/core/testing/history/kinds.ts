import type { Attachment, Kind, Message, PayloadOf } from "../../src/model/index.ts";
import { weighted, type Random } from "./random.ts";
import { personName, sentence, title } from "./words.ts";

/** What one kind of message is made of, beside who says it and when. */
type Made = Pick<Message, "kind"> & Partial<Message>;

/** A file that a made-up message carries. */
export interface MadeMedia {
  /** Its size against that of a photo. */
  readonly factor: number;
  readonly extension: string;
  readonly magic: readonly number[];
  readonly attachment: (random: Random) => Omit<Attachment, "state">;
}

interface KindPlan {
  /** Share of all messages in percent, after a measured history of 100,000 messages. */
  readonly weight: number;
  readonly make: (random: Random) => Made;
  readonly media?: MadeMedia;
  /** A notice of the app, which has no author. */
  readonly isNotice?: boolean;
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const size = (random: Random): { width: number; height: number } => ({
  width: 240 + random.below(1200),
  height: 320 + random.below(1600),
});

/** The mix of kinds. Order is part of the generator: a new kind goes last. */
export const kindPlans: readonly KindPlan[] = [
  { weight: 65.5, make: (random) => ({ kind: "text", body: { text: sentence(random) } }) },
  { weight: 10.8, make: quote },
  {
    weight: 8.7,
    make: (random) => of("sticker", { id: random.next().toString(16).padStart(8, "0") }),
    media: {
      factor: 0.4,
      extension: "gif",
      magic: ascii("GIF89a"),
      attachment: () => ({ kind: "sticker", mime: "image/gif", width: 240, height: 240 }),
    },
  },
  {
    weight: 6.6,
    make: () => ({ kind: "image" }),
    media: {
      factor: 1,
      extension: "jpg",
      magic: [0xff, 0xd8, 0xff, 0xe0],
      attachment: (random) => ({ kind: "image", mime: "image/jpeg", ...size(random) }),
    },
  },
  { weight: 3.7, make: notice, isNotice: true },
  {
    weight: 0.6,
    make: () => ({ kind: "video" }),
    media: {
      factor: 12,
      extension: "mp4",
      magic: [0, 0, 0, 0x18, ...ascii("ftypmp42")],
      attachment: (random) => ({
        kind: "video",
        mime: "video/mp4",
        durationMs: 1000 * (1 + random.below(60)),
        ...size(random),
      }),
    },
  },
  {
    weight: 0.6,
    make: () => ({ kind: "voice" }),
    media: {
      factor: 0.1,
      extension: "silk",
      magic: [2, ...ascii("#!SILK_V3")],
      attachment: (random) => ({
        kind: "voice",
        mime: "audio/silk",
        durationMs: 500 + random.below(59_000),
        ...(random.chance(0.1) && { transcript: sentence(random) }),
      }),
    },
  },
  {
    weight: 0.4,
    make: () => ({ kind: "file" }),
    media: {
      factor: 5,
      extension: "pdf",
      magic: ascii("%PDF-1.7\n"),
      attachment: (random) => ({ kind: "file", mime: "application/pdf", fileName: `${title(random)}.pdf` }),
    },
  },
  {
    weight: 0.2,
    make: () => ({ kind: "file" }),
    media: {
      factor: 0.5,
      extension: "txt",
      magic: [],
      attachment: (random) => ({ kind: "file", mime: "text/plain", fileName: `${title(random)}.txt` }),
    },
  },
  { weight: 0.9, make: link },
  {
    weight: 0.3,
    make: (random) => of("miniProgram", { title: title(random), name: title(random), appId: "wx1" }),
  },
  { weight: 0.2, make: bundle },
  {
    weight: 0.2,
    make: (random) => of("post", { type: "video", authorName: personName(random), text: title(random) }),
  },
  { weight: 0.1, make: (random) => of("music", { title: title(random), performer: personName(random) }) },
  { weight: 0.2, make: (random) => of("transfer", { state: "sent", amount: yuan(random), currency: "CNY" }) },
  { weight: 0.2, make: () => of("redPacket", { greeting: "恭喜发财，大吉大利" }) },
  { weight: 0.3, make: call },
  { weight: 0.2, make: location },
  { weight: 0.1, make: (random) => of("contact", { name: personName(random) }) },
  { weight: 0.1, make: poll },
  { weight: 0.1, make: unknown },
];

/** Draws a kind by the mix. */
export const drawKind: (random: Random) => number = weighted(kindPlans.map((plan) => plan.weight));

/** How many photos' worth of bytes an average message carries. */
export const meanFactor: number =
  kindPlans.reduce((sum, plan) => sum + plan.weight * (plan.media?.factor ?? 0), 0) /
  kindPlans.reduce((sum, plan) => sum + plan.weight, 0);

function of<K extends Kind>(kind: K, payload: PayloadOf<K>): Made {
  return { kind, payload };
}

function quote(random: Random): Made {
  return { kind: "text", body: { text: sentence(random) }, reply: { snapshot: { text: sentence(random) } } };
}

function notice(random: Random): Made {
  const name = personName(random);
  const [action, meaning, text] = random.pick([
    ["wechat:revokemsg", "message.revoke", `"${name}" 撤回了一条消息`],
    ["wechat:invite", "member.add", `"${name}" 加入了群聊`],
    ["wechat:pat", "poke", `"${name}" 拍了拍我`],
    ["wechat:title", "title.change", `"${name}" 修改群名为“${title(random)}”`],
  ] as const);
  return { ...of("system", { action, meaning, actorName: name }), body: { text } };
}

function link(random: Random): Made {
  const url = `https://example.org/${random.next().toString(36)}`;
  return of("link", { url, title: title(random), description: sentence(random), siteName: "example.org" });
}

function bundle(random: Random): Made {
  const items = Array.from({ length: 2 + random.below(8) }, () => ({
    kind: "text",
    authorName: personName(random),
    body: { text: sentence(random) },
  }));
  return of("forwardBundle", { title: "群聊的聊天记录", items, complete: true });
}

function call(random: Random): Made {
  const media = random.chance(0.6) ? "voice" : "video";
  if (random.chance(0.3)) return of("call", { media, result: "missed" });
  return of("call", { media, result: "answered", durationMs: 1000 * (1 + random.below(3600)) });
}

function location(random: Random): Made {
  const latitude = `31.${String(random.below(1_000_000)).padStart(6, "0")}`;
  const longitude = `121.${String(random.below(1_000_000)).padStart(6, "0")}`;
  return of("location", { latitude, longitude, title: title(random) });
}

function poll(random: Random): Made {
  const options = Array.from({ length: 3 }, () => ({ text: title(random), votes: random.below(9) }));
  return of("poll", { question: title(random), options });
}

function unknown(random: Random): Made {
  const text = `<msg><appmsg><title>${title(random)}</title><type>${100 + random.below(9)}</type></appmsg></msg>`;
  return { ...of("unknown", { sourceType: "49" }), raw: { mediaType: "text/xml", text } };
}

function yuan(random: Random): string {
  return `${1 + random.below(500)}.${String(random.below(100)).padStart(2, "0")}`;
}
