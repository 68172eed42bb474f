import { describe, expect, test } from "vitest";
import { checkMessage } from "../check/message.ts";
import { kinds } from "./table.ts";
import type { Kind, PayloadOf } from "./payloads.ts";

interface KindCase<K extends Kind> {
  /** Every field that the kind has. */
  readonly whole: Required<PayloadOf<K>>;
  readonly texts: readonly string[];
  /** A payload that is wrong, and what is moved aside. */
  readonly broken: readonly [object, readonly string[]];
}

const nothing = { whole: {}, texts: [], broken: [{ x: Number.NaN }, ["/payload"]] } as const;
const money = { amount: "8.88", currency: "CNY" };

const cases: { readonly [K in Kind]: KindCase<K> } = {
  text: nothing,
  deleted: nothing,
  image: nothing,
  video: nothing,
  voice: nothing,
  roundVideo: nothing,
  gif: nothing,
  file: nothing,
  sticker: {
    whole: { emoji: "😀", id: "1", pack: "2", result: "6" },
    texts: ["😀"],
    broken: [{ emoji: 1 }, ["/payload/emoji"]],
  },
  poll: {
    whole: {
      question: "去哪儿",
      options: [{ text: "海边", votes: 2, chosen: true, by: [{ account: "a", name: "b", at: 1 }] }],
      closed: true,
      voters: 2,
      multiple: false,
      anonymous: true,
    },
    texts: ["去哪儿", "海边"],
    broken: [{ options: [{ text: "a", votes: -1 }, 5] }, ["/payload/options/0/votes", "/payload/options/1"]],
  },
  todo: {
    whole: { title: "周末", tasks: [{ text: "买菜", id: "1", done: true, doneBy: "a", doneAt: 1 }] },
    texts: ["周末", "买菜"],
    broken: [{ tasks: { text: "a" } }, ["/payload/tasks"]],
  },
  forwardBundle: {
    whole: {
      title: "聊天记录",
      summary: "a: b",
      items: [
        {
          kind: "text",
          author: "x:uid:1",
          body: { text: "b" },
          time: { sent: 1, precision: "s", zone: "utc" },
          nativeIds: [{ scheme: "x", value: "1" }],
          attached: [0],
        },
      ],
      complete: true,
    },
    texts: ["聊天记录"],
    broken: [
      { items: [{ kind: "text", body: 1 }, { kind: "poll", payload: { question: 1, options: [] } }, 5] },
      ["/payload/items/0/body", "/payload/items/1/payload/question", "/payload/items/2"],
    ],
  },
  storyReply: {
    whole: { author: "a", storyText: "b", url: "u", emoji: "❤️", postedAt: 1 },
    texts: ["❤️"],
    broken: [{ postedAt: "1" }, ["/payload/postedAt"]],
  },
  unknown: {
    whole: { sourceType: "msg 10086" },
    texts: ["msg 10086"],
    broken: [{ sourceType: 10086 }, ["/payload/sourceType"]],
  },
  audio: {
    whole: { title: "晴天", performer: "p" },
    texts: ["晴天", "p"],
    broken: [{ title: [] }, ["/payload/title"]],
  },
  link: {
    whole: { url: "https://example.org", title: "t", description: "d", siteName: "s" },
    texts: ["t", "d", "s", "https://example.org"],
    broken: [{ url: 1 }, ["/payload/url"]],
  },
  miniProgram: {
    whole: { title: "t", name: "n", appId: "1", page: "p", url: "u" },
    texts: ["t", "n"],
    broken: [{ appId: 1 }, ["/payload/appId"]],
  },
  contact: {
    whole: { name: "小王", account: "a", phones: ["1"], emails: ["e"], vcard: "v", note: "n" },
    texts: ["小王", "1", "e", "n"],
    broken: [{ phones: ["1", 2] }, ["/payload/phones/1"]],
  },
  location: {
    whole: { latitude: "31.2304000", longitude: "121.4737", title: "外滩", address: "a", url: "u" },
    texts: ["外滩", "a"],
    broken: [{ latitude: 31.23 }, ["/payload/latitude"]],
  },
  liveLocation: {
    whole: {
      latitude: "1",
      longitude: "2",
      title: "t",
      address: "a",
      url: "u",
      periodMs: 900_000,
      endedAt: 5,
    },
    texts: ["t", "a"],
    broken: [{ periodMs: -1 }, ["/payload/periodMs"]],
  },
  music: {
    whole: { title: "t", performer: "p", album: "a", url: "u", soundUrl: "s", lyrics: "l" },
    texts: ["t", "p", "a", "l"],
    broken: [{ lyrics: {} }, ["/payload/lyrics"]],
  },
  post: {
    whole: { type: "video", authorName: "n", text: "t", url: "u", id: "1" },
    texts: ["n", "t"],
    broken: [{ type: 1 }, ["/payload/type"]],
  },
  card: {
    whole: {
      type: "16",
      app: "a",
      title: "t",
      description: "d",
      url: "u",
      fields: [{ name: "n", value: "v" }],
    },
    texts: ["t", "d", "a", "n", "v"],
    broken: [{ fields: [{ name: "n" }] }, ["/payload/fields/0"]],
  },
  game: {
    whole: { title: "t", description: "d", url: "u", score: -3 },
    texts: ["t", "d"],
    broken: [{ score: 0.5 }, ["/payload/score"]],
  },
  event: {
    whole: { title: "t", description: "d", place: "p", startsAt: 1, endsAt: 2, url: "u", cancelled: false },
    texts: ["t", "d", "p"],
    broken: [{ startsAt: "1" }, ["/payload/startsAt"]],
  },
  system: {
    whole: {
      action: "telegram:invite_members",
      meaning: "member.add",
      actor: "a",
      actorName: "A",
      targets: ["b"],
      targetNames: ["B"],
      params: { any: [1.5, null] },
    },
    texts: ["A", "B"],
    broken: [{ action: 1, targets: [null] }, ["/payload/action", "/payload/targets/0"]],
  },
  call: {
    whole: { media: "video", group: true, result: "answered", durationMs: 1, participants: ["a"] },
    texts: [],
    broken: [{ result: "lost", durationMs: 1.5 }, ["/payload/durationMs", "/payload/result"]],
  },
  transfer: {
    whole: {
      ...money,
      state: "sent",
      payer: "a",
      payee: "b",
      note: "n",
      transferId: "1",
      transactionId: "2",
    },
    texts: ["n", "8.88"],
    broken: [{ amount: 8.88 }, ["/payload/amount"]],
  },
  redPacket: {
    whole: { ...money, greeting: "恭喜发财", state: "opened", packetId: "1" },
    texts: ["恭喜发财"],
    broken: [{ packetId: 2 ** 60 }, ["/payload/packetId"]],
  },
  invoice: {
    whole: { ...money, title: "t", description: "d", paid: true, receiptTarget: "r" },
    texts: ["t", "d", "8.88"],
    broken: [{ paid: "yes" }, ["/payload/paid"]],
  },
  gift: {
    whole: { ...money, type: "stars", title: "t", from: "a", to: "b", giftId: "1" },
    texts: ["t"],
    broken: [{ giftId: 5 }, ["/payload/giftId"]],
  },
};

const message = (kind: string, payload: object): object => ({
  chat: "x",
  kind,
  payload,
  time: { sent: 1, precision: "s", zone: "utc" },
});

describe.each(Object.keys(kinds) as Kind[])("%s", (kind) => {
  const { whole, texts, broken } = cases[kind];

  test("passes with every field, and keeps a later one", () => {
    const value = message(kind, { ...whole, later: { a: null } });
    expect(checkMessage(value, { chat: "x", sent: 0 })).toEqual({ message: value, findings: [] });
  });

  test("gives the texts by which it is found", () => {
    expect((kinds[kind] as { texts(payload: object): unknown }).texts(whole)).toEqual(texts);
  });

  test("moves aside what is wrong", () => {
    const checked = checkMessage(message(kind, broken[0]), { chat: "x", sent: 0 });
    expect(Object.keys(checked.message.invalid ?? {}).sort()).toEqual(broken[1]);
    expect(checked.message.kind).toBe(kind);
  });

  test("has a label in both languages", () => {
    expect(kinds[kind].label).toEqual({ en: expect.stringMatching(/./), zh: expect.stringMatching(/./) });
  });
});
