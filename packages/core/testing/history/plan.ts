import { accountId, chatId, type Account, type Chat, type Member } from "../../src/model/index.ts";
import { hashOf, randomOf, zipfWeights, type Random } from "./random.ts";
import { groupTitle, personName } from "./words.ts";

/** How a made-up history is to be. Equal options give equal histories, byte for byte. */
export interface HistoryOptions {
  readonly seed: string | number;
  readonly messages: number;
  /** How many chats; as many as such a history would have if absent. */
  readonly chats?: number;
  /** About how many bytes all attachments have together; 0 or absent: none is there. */
  readonly attachmentBytes?: number;
  /** The first and the last day, milliseconds UTC; five years up to 2026 if absent. */
  readonly startMs?: number;
  readonly endMs?: number;
  /** The same history one day later: this many new messages, 30 revoked, 20 gone, in as many as there are. */
  readonly day2?: { readonly messages: number };
}

/** How many messages the second day changes, where there are as many. */
const revokedCount = 30;
const goneCount = 20;

export const dayMs: number = 86_400_000;
export const platform: string = "wechat";
export const ownAccount: Account = person("wxid_own", "我");

/** A chat as it will be told. */
export interface ChatPlan {
  readonly index: number;
  readonly chat: Chat;
  readonly isGroup: boolean;
  /** Those who write: the owner first. */
  readonly people: readonly Account[];
  readonly messages: number;
  /** How many more come on the second day. */
  readonly newMessages: number;
  /** Numbers of the messages that are revoked, or gone, on the second day. */
  readonly revoked: ReadonlySet<number>;
  readonly gone: ReadonlySet<number>;
}

export interface HistoryPlan {
  readonly options: HistoryOptions;
  readonly startMs: number;
  readonly endMs: number;
  readonly chats: readonly ChatPlan[];
}

/** Who talks to whom and how much, before a single message is made. Its size hangs on the chats alone. */
export function planHistory(options: HistoryOptions): HistoryPlan {
  const count = Math.max(1, options.chats ?? Math.round(options.messages ** 0.45));
  const sizes = shares(options.messages, zipfWeights(count, 1.1, 3));
  const newSizes = shares(options.day2?.messages ?? 0, zipfWeights(count, 1.3, 2));
  const changed = options.day2 === undefined ? [] : someOf(options.messages, options.seed);
  const revoked = byChat(sizes, changed.slice(0, revokedCount));
  const gone = byChat(sizes, changed.slice(revokedCount));
  return {
    options,
    startMs: options.startMs ?? Date.UTC(2021, 0, 1),
    endMs: options.endMs ?? Date.UTC(2026, 0, 1),
    chats: sizes.map((messages, index) => ({
      ...chatPlan(options.seed, index, count),
      messages,
      newMessages: newSizes[index]!,
      revoked: revoked[index]!,
      gone: gone[index]!,
    })),
  };
}

function chatPlan(
  seed: string | number,
  index: number,
  chats: number,
): Pick<ChatPlan, "index" | "chat" | "isGroup" | "people"> {
  const random = randomOf(seed, "chat", index);
  const isGroup = random.chance(0.42);
  const others = isGroup ? 2 + Math.round(random.exponential() * 12) : 1;
  const accounts = new Map([[ownAccount.id, ownAccount]]);
  for (let i = 0; i < others; i++) {
    const number = isGroup ? random.below(chats * 4 + 20) : chats * 4 + 20 + index;
    const name = personName(randomOf(seed, "person", number));
    const friend = person(`wxid_${hashOf(`${seed} ${number}`).toString(36)}${number}`, name);
    accounts.set(friend.id, friend);
  }
  const people = [...accounts.values()];
  return {
    index,
    isGroup,
    people,
    chat: isGroup ? groupChat(random, index, people) : directChat(people[1]!),
  };
}

function groupChat(random: Random, index: number, people: readonly Account[]): Chat {
  const nativeId = `${10_000_000_000 + index * 7919}@chatroom`;
  const members = people.map<Member>(({ id }, i) =>
    i === 1 ? { account: id, role: "owner" } : { account: id },
  );
  return {
    id: chatId({ platform, class: "group", nativeId }),
    platform,
    kind: "group",
    nativeIds: [{ scheme: "wechat.chat", value: nativeId }],
    own: [ownAccount.id],
    title: groupTitle(random),
    members,
  };
}

function directChat(friend: Account): Chat {
  return {
    id: chatId({ platform, class: "user", nativeId: friend.value, own: ownAccount.id }),
    platform,
    kind: "direct",
    nativeIds: [{ scheme: "wechat.chat", value: friend.value }],
    own: [ownAccount.id],
    title: friend.names![0]!.value,
    members: [{ account: ownAccount.id }, { account: friend.id }],
  };
}

function person(value: string, name: string): Account {
  const id = accountId({ platform, kind: "wxid", value });
  return { id, platform, kind: "wxid", value, names: [{ value: name, kind: "display" }] };
}

/** Shares a total out by weights, to the last one. */
export function shares(total: number, weights: readonly number[]): number[] {
  let weightLeft = weights.reduce((sum, weight) => sum + weight, 0);
  let left = total;
  return weights.map((weight) => {
    const share = Math.min(left, Math.round((left * weight) / weightLeft));
    weightLeft -= weight;
    left -= share;
    return share;
  });
}

/** Different messages of all chats, for the changes of the second day. */
function someOf(total: number, seed: string | number): number[] {
  const random = randomOf(seed, "changed");
  const chosen = new Set<number>();
  while (chosen.size < Math.min(revokedCount + goneCount, total)) chosen.add(random.below(total));
  return [...chosen];
}

/** Numbers within their chats, chat by chat, of numbers within the history. */
function byChat(sizes: readonly number[], places: readonly number[]): Set<number>[] {
  let first = 0;
  return sizes.map((size) => {
    const start = first;
    first += size;
    const here = places.filter((place) => place >= start && place < first);
    return new Set(here.map((place) => place - start));
  });
}
