import type { Protection } from "../apple/keybag.ts";
import { dayMs, shares } from "../history/plan.ts";
import { randomOf, zipfWeights, type Random } from "../history/random.ts";
import { groupTitle, personName } from "../history/words.ts";
import type { Place } from "./kinds/table.ts";
import { hex } from "./kinds/xml.ts";
import { md5 } from "./names.ts";
import { generations, type Generation, type GenerationName } from "./backup/schema.ts";

/** How an imagined phone is to be. Equal options give equal backups. */
export interface WeChatOptions {
  readonly seed: string | number;
  /** Of all accounts; the first has most of them. */
  readonly messages: number;
  readonly accounts?: number;
  /** Of all accounts; as many as such a history would have if absent. */
  readonly chats?: number;
  /** How the version of WeChat keeps things; `current` if absent. */
  readonly generation?: GenerationName;
  /** Into how many databases an account's chats are spread, where the version does so. */
  readonly databases?: number;
  /** Every type of row in turn, so that few rows show all of them, in place of the measured mix. */
  readonly isEven?: boolean;
  /** About how many bytes and files the attachments have, thumbnails aside; a fifth of the bytes are copies. */
  readonly mediaBytes?: number;
  readonly mediaFiles?: number;
  /** About how many bytes lie in Moments and other caches. */
  readonly cacheBytes?: number;
  /** Up to how many bytes the first account's databases are filled with rows that are no messages. */
  readonly databaseBytes?: number;
  readonly protection?: Protection;
}

/** Somebody whom the phone may know. */
export interface Person {
  readonly userName: string;
  readonly nickname: string | undefined;
  readonly alias: string | undefined;
  readonly remark: string | undefined;
}

/** A stretch of a chat's rows, and the database that it lies in: 0 is `MM.sqlite`. */
interface Piece {
  readonly database: number;
  readonly rows: number;
}

export interface ChatPlan {
  readonly index: number;
  readonly person: Person;
  readonly place: Place | "self";
  /** From where the name that belongs to the chat's hash is known. */
  readonly naming: "contact" | "session" | "nobody";
  /** The others, with the name that each has in the group. */
  readonly members: readonly { readonly person: Person; readonly card: string | undefined }[];
  readonly hasAvatar: boolean;
  readonly pieces: readonly Piece[];
  readonly rows: number;
  /** What a day later brings. */
  readonly later: LaterPlan;
}

interface LaterPlan {
  readonly rows: number;
  /** Numbers of rows. */
  readonly revoked: ReadonlySet<number>;
  readonly gone: ReadonlySet<number>;
}

export interface AccountPlan {
  readonly index: number;
  readonly own: Person;
  /** Its folder: the MD5 of its user name. */
  readonly folder: string;
  readonly chats: readonly ChatPlan[];
  /** Everybody in its list of contacts, groups included. */
  readonly contacts: readonly Person[];
}

export interface PhonePlan {
  readonly options: WeChatOptions;
  readonly generation: Generation;
  readonly startMs: number;
  readonly endMs: number;
  readonly accounts: readonly AccountPlan[];
}

/** What a day changes, where there is as much. */
export const laterCounts = { rows: 2000, revoked: 30, gone: 20, files: 60, fileBytes: 9_180_000 };
const start = { startMs: Date.UTC(2021, 0, 1), endMs: Date.UTC(2026, 0, 1) - dayMs };

/** Who talks to whom and how much, before a single row is made. Its size hangs on the chats alone. */
export function planPhone(options: WeChatOptions): PhonePlan {
  const count = options.accounts ?? 1;
  const weights = Array.from({ length: count }, (_, i) => 4 ** -i);
  const sizes = shares(options.messages, weights);
  const chats = shares(options.chats ?? Math.max(3 * count, Math.round(options.messages ** 0.45)), weights);
  return {
    options,
    generation: generations[options.generation ?? "current"],
    ...start,
    accounts: sizes.map((messages, index) => accountPlan(options, { index, messages, chats: chats[index]! })),
  };
}

interface AccountSize {
  readonly index: number;
  readonly messages: number;
  readonly chats: number;
}

function accountPlan(options: WeChatOptions, size: AccountSize): AccountPlan {
  const { seed } = options;
  const { index } = size;
  const name = personName(randomOf(seed, "own", index));
  const userName = `wxid_own${index}${hex(randomOf(seed, "own name", index), 8)}`;
  const own: Person = {
    userName,
    nickname: name,
    alias: index % 2 === 0 ? `own_${index}` : undefined,
    remark: undefined,
  };
  const rows = shares(size.messages, zipfWeights(Math.max(1, size.chats), 1.1, 3));
  const laterRows = index === 0 ? Math.min(laterCounts.rows, options.messages) : 0;
  const later = shares(laterRows, zipfWeights(rows.length, 1.3, 2));
  const changed = index === 0 ? changedRows(rows, seed) : undefined;
  const chats = rows.map((count, chat) =>
    chatPlan(options, { ...size, chats: rows.length }, chat, {
      rows: count,
      later: {
        rows: later[chat]!,
        revoked: changed?.revoked[chat] ?? new Set(),
        gone: changed?.gone[chat] ?? new Set(),
      },
    }),
  );
  const contacts = new Map<string, Person>();
  for (const { naming, person, members, place } of chats) {
    if (naming === "contact") contacts.set(person.userName, person);
    if (place === "group")
      for (const { person: member } of members) if (isListed(member)) contacts.set(member.userName, member);
  }
  return { index, own, folder: md5(userName), chats, contacts: [...contacts.values()] };
}

/** Not everybody in a group is in the list of contacts. */
function isListed({ nickname }: Person): boolean {
  return nickname !== undefined;
}

/** The list of sessions shows one name, and nothing shows one of a chat that nobody names. */
function knownBySession(
  { userName, nickname }: Person,
  naming: ChatPlan["naming"],
): Pick<Person, "userName" | "nickname"> {
  return { userName, nickname: naming === "session" ? nickname : undefined };
}

const noNames = { alias: undefined, remark: undefined } as const;

function chatPlan(
  options: WeChatOptions,
  account: AccountSize,
  index: number,
  { rows, later }: Pick<ChatPlan, "rows" | "later">,
): ChatPlan {
  const { seed } = options;
  const random = randomOf(seed, "chat", account.index, index);
  const place = placeOf(random, index);
  const draw = random.unit();
  const naming = index === 0 || draw > 0.15 ? "contact" : draw > 0.07 ? "session" : "nobody";
  const person = chatPerson(random, place, { account: account.index, index });
  const others = place === "group" ? 2 + Math.round(random.exponential() * 12) : 0;
  const members = new Map<string, ChatPlan["members"][number]>();
  for (let i = 0; i < others; i++) {
    const member = personOf(options, account.index, random.below(account.chats * 8 + 20));
    const card = random.chance(0.3) ? personName(random) : undefined;
    members.set(member.userName, { person: member, card });
  }
  return {
    index,
    person: naming === "contact" ? person : { ...noNames, ...knownBySession(person, naming) },
    place,
    naming,
    members: [...members.values()],
    hasAvatar: random.chance(0.5),
    pieces: piecesOf(options, random, rows),
    rows,
    later,
  };
}

function placeOf(random: Random, index: number): ChatPlan["place"] {
  if (index === 2) return "self";
  const draw = random.unit();
  return draw < 0.42 ? "group" : draw < 0.48 ? "official" : "direct";
}

function chatPerson(
  random: Random,
  place: ChatPlan["place"],
  { account, index }: { readonly account: number; readonly index: number },
): Person {
  const nickname = place === "group" ? groupTitle(random) : personName(random);
  const remark = random.chance(0.2) && place !== "self" ? personName(random) : undefined;
  const alias = random.chance(0.3) && place === "direct" ? `alias_${hex(random, 6)}` : undefined;
  const userName = {
    self: "filehelper",
    group: `${10_000_000_000 + (account * 100_000 + index) * 7919}@chatroom`,
    official: `gh_${hex(random, 12)}`,
    direct: random.chance(0.05) ? `${25_984_000_000 + index}@openim` : `wxid_${hex(random, 14)}`,
  }[place];
  return { userName, nickname, alias, remark };
}

function personOf({ seed }: WeChatOptions, account: number, number: number): Person {
  const random = randomOf(seed, "person", account, number);
  const userName = `wxid_${hex(random, 14)}`;
  if (random.chance(0.15)) return { userName, nickname: undefined, alias: undefined, remark: undefined };
  const nickname = personName(random);
  const remark = random.chance(0.1) ? personName(random) : undefined;
  return { userName, nickname, alias: random.chance(0.2) ? `alias_${hex(random, 6)}` : undefined, remark };
}

/** A seventh of the chats began in an older database and goes on in a newer one. */
function piecesOf(
  { databases = 4, generation = "current" }: WeChatOptions,
  random: Random,
  rows: number,
): Piece[] {
  if (generations[generation].isInOneDatabase) return [{ database: 0, rows }];
  const last = 1 + random.below(databases);
  const before = Math.floor(rows * random.unit());
  if (!random.chance(1 / 7)) return [{ database: last, rows }];
  return [
    { database: random.below(last), rows: before },
    { database: last, rows: rows - before },
  ];
}

/** Different rows of all chats: those that are revoked, and those that go. */
function changedRows(
  rows: readonly number[],
  seed: string | number,
): { readonly revoked: ReadonlySet<number>[]; readonly gone: ReadonlySet<number>[] } {
  const total = rows.reduce((sum, count) => sum + count, 0);
  const random = randomOf(seed, "changed");
  const chosen = new Set<number>();
  while (chosen.size < Math.min(laterCounts.revoked + laterCounts.gone, Math.floor(total / 4)))
    chosen.add(random.below(total));
  const all = [...chosen];
  const share = laterCounts.revoked / (laterCounts.revoked + laterCounts.gone);
  const cut = Math.round(all.length * share);
  return { revoked: byChat(rows, all.slice(0, cut)), gone: byChat(rows, all.slice(cut)) };
}

/** Numbers of rows within their chats, of places among all rows. */
function byChat(rows: readonly number[], places: readonly number[]): ReadonlySet<number>[] {
  let first = 0;
  return rows.map((count) => {
    const begin = first;
    first += count;
    return new Set(
      places.filter((place) => place >= begin && place < first).map((place) => place - begin + 1),
    );
  });
}

/** Some chats are of a version that kept no ids of the server. */
export function isOlderStill({ generation }: PhonePlan, { index }: ChatPlan): boolean {
  return generation.olderChatColumns !== undefined && index % 3 === 2;
}
