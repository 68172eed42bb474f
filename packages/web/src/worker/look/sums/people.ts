import type { ChatView } from "@keepsake/core/history";
import {
  fold,
  accountName,
  type Account,
  type AccountName,
  type ChatKind,
  type NameKind,
} from "@keepsake/core/model";
import { titleOf } from "../title.ts";
import { OWN, type AuthorCount, type Census } from "./census.ts";

/** A chat with what was counted of it. */
export interface ChatCount {
  readonly collection: string;
  /** Absent where no source described it. */
  readonly chat: ChatView | undefined;
  readonly census: Census;
}

/** Somebody in the list of people. */
export interface PersonLine {
  /** One of their accounts, by which they are asked for. */
  readonly id: string;
  readonly name: string;
  /** The name as names are compared. */
  readonly folded: string;
  readonly platforms: readonly string[];
  readonly accounts: readonly string[];
  /** What they wrote, and what the owner wrote to them alone. */
  readonly messages: number;
  readonly chats: number;
  /** Null where there is no message. */
  readonly last: number | null;
}

/** A chat that somebody is in. */
export interface SharedChat {
  readonly collection: string;
  /** Empty where nobody gave it a name. */
  readonly title: string;
  readonly kind: ChatKind;
  /** What they wrote in it. */
  readonly messages: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** A name that somebody had, and where. */
export interface NameOfPerson extends AccountName {
  readonly platform: string;
  /** The chat in which it holds, as it is called. */
  readonly inChat?: string;
}

export interface Person extends PersonLine {
  readonly first: number | null;
  readonly theirs: number;
  readonly yours: number;
  /** What the apps call each account. */
  readonly handles: readonly { readonly platform: string; readonly value: string }[];
  readonly names: readonly NameOfPerson[];
  readonly sharedChats: readonly SharedChat[];
  /** Of what they wrote and the owner wrote to them alone: years times twelve plus months, and how many. */
  readonly months: readonly (readonly [month: number, messages: number])[];
}

/** Everybody who wrote or is a member of a chat; who wrote most first, those of whom there is no message by name. */
export function peopleOf(chats: readonly ChatCount[]): PersonLine[] {
  const lines = gathered(chats).map(
    ({ id, name, folded, platforms, accounts, messages, chats: shared, last }) => {
      return { id, name, folded, platforms, accounts, messages, chats: shared, last };
    },
  );
  return lines.sort(
    (a, b) =>
      b.messages - a.messages ||
      (b.last ?? 0) - (a.last ?? 0) ||
      a.name.localeCompare(b.name) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** Whoever has an account. */
export function personOf(chats: readonly ChatCount[], account: string): Person | undefined {
  return gathered(chats).find(({ accounts }) => accounts.includes(account));
}

/** The accounts of one person are those of which a source says that they are the same. */
function gathered(chats: readonly ChatCount[]): Person[] {
  const described = new Map<string, Account>();
  const same = new Same();
  for (const { chat } of chats) {
    for (const [id, account] of chat?.accounts ?? []) {
      const names = [...(described.get(id)?.names ?? []), ...(account.names ?? [])];
      described.set(id, { ...described.get(id), ...account, names });
      for (const other of account.alsoKnownAs ?? []) same.join(id, other);
    }
  }
  const own = new Set(chats.flatMap(({ chat }) => chat?.chat.own ?? []).map((id) => same.of(id)));
  const parts = chats.flatMap((chat) => partsOf(chat));
  const byPerson = Map.groupBy(parts, ({ account }) => same.of(account));
  return [...byPerson]
    .filter(([person]) => !own.has(person))
    .map(([person, its]) => personFrom(its, { chats, described, isOf: (id) => same.of(id) === person }));
}

/** What somebody has to do with a chat. */
interface Part {
  readonly account: string;
  readonly chat: ChatCount;
  readonly theirs: AuthorCount | undefined;
  /** What the owner wrote, where there is nobody else to have written to. */
  readonly yours: AuthorCount | undefined;
}

function partsOf(chat: ChatCount): Part[] {
  const { authors } = chat.census;
  const { kind, members = [], own = [] } = chat.chat!.chat;
  const yours = authors.get(OWN);
  const parts = [...authors].filter(([account]) => account !== OWN);
  const others = members.filter(({ account }) => !own.includes(account));
  const partner = kind === "direct" ? (parts[0]?.[0] ?? others[0]?.account) : undefined;
  const written = parts.map(([account, theirs]) => {
    return { account, chat, theirs, yours: account === partner ? yours : undefined };
  });
  const silent = others
    .filter(({ account }) => !authors.has(account))
    .map(({ account }) => ({
      account,
      chat,
      theirs: undefined,
      yours: account === partner ? yours : undefined,
    }));
  return [...written, ...silent];
}

interface Everything {
  readonly chats: readonly ChatCount[];
  readonly described: ReadonlyMap<string, Account>;
  readonly isOf: (account: string) => boolean;
}

function personFrom(parts: readonly Part[], { chats, described, isOf }: Everything): Person {
  const counts = parts.flatMap(({ theirs, yours }) => [theirs, yours].filter((each) => each !== undefined));
  const sum = (which: "theirs" | "yours"): number =>
    parts.reduce((total, part) => total + (part[which]?.messages ?? 0), 0);
  const ids = [...new Set(parts.map(({ account }) => account))];
  const also = [...described.keys()].filter((id) => isOf(id) && !ids.includes(id));
  const accounts = [...ids, ...also];
  const handles = accounts.map((id) => {
    const { platform = "", value = id } = described.get(id) ?? {};
    return { platform, value };
  });
  const [theirs, yours] = [sum("theirs"), sum("yours")];
  const name = nameOf(ids, described);
  return {
    id: ids[0]!,
    name,
    folded: fold(name),
    platforms: [...new Set(handles.map(({ platform }) => platform).filter((each) => each !== ""))],
    messages: theirs + yours,
    theirs,
    yours,
    chats: new Set(parts.map(({ chat }) => chat.collection)).size,
    ...spanOf(counts),
    accounts,
    handles,
    names: namesOf(accounts, described, chats),
    sharedChats: parts.map(sharedChat).sort((a, b) => b.messages - a.messages),
    months: monthsOf(parts),
  };
}

/** What the owner calls somebody, before what they call themselves, before what they are called in one group. */
const byNearness: readonly NameKind[] = ["remark", "display", "profile", "alias", "handle", "groupCard"];

function nameOf(ids: readonly string[], described: ReadonlyMap<string, Account>): string {
  const names = ids.flatMap((id) => described.get(id)?.names ?? []);
  const best = byNearness.map((wanted) => names.find(({ kind }) => kind === wanted));
  return best.find((name) => name !== undefined)?.value ?? accountName(described.get(ids[0]!), ids[0]!);
}

function namesOf(
  accounts: readonly string[],
  described: ReadonlyMap<string, Account>,
  chats: readonly ChatCount[],
): NameOfPerson[] {
  const titles = new Map(chats.map((count) => [count.chat!.chat.id, titleOf(count.chat)]));
  const names = accounts.flatMap((id) => {
    const { platform = "", names: its = [] } = described.get(id) ?? {};
    return its.map((name): NameOfPerson => {
      const inChat = name.chat === undefined ? undefined : titles.get(name.chat);
      return { ...name, platform, ...(inChat !== undefined && { inChat }) };
    });
  });
  const kept = new Map(names.map((name) => [`${name.value} ${name.kind} ${name.chat}`, name]));
  return [...kept.values()].sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
}

function sharedChat({ chat, theirs, yours }: Part): SharedChat {
  const counted = [theirs, yours].filter((each) => each !== undefined);
  return {
    collection: chat.collection,
    title: titleOf(chat.chat),
    kind: chat.chat!.chat.kind,
    messages: theirs?.messages ?? 0,
    ...spanOf(counted),
  };
}

function spanOf(counts: readonly AuthorCount[]): {
  readonly first: number | null;
  readonly last: number | null;
} {
  if (counts.length === 0) return { first: null, last: null };
  return {
    first: Math.min(...counts.map(({ first }) => first)),
    last: Math.max(...counts.map(({ last }) => last)),
  };
}

function monthsOf(parts: readonly Part[]): Person["months"] {
  const months = new Map<number, number>();
  for (const { account, chat, yours } of parts)
    for (const [month, { authors }] of chat.census.months) {
      const count = (authors.get(account) ?? 0) + (yours === undefined ? 0 : (authors.get(OWN) ?? 0));
      if (count > 0) months.set(month, (months.get(month) ?? 0) + count);
    }
  return [...months].sort(([a], [b]) => a - b);
}

/** Which ids stand for the same. */
class Same {
  readonly #parents = new Map<string, string>();

  of(id: string): string {
    const parent = this.#parents.get(id);
    if (parent === undefined || parent === id) return id;
    const root = this.of(parent);
    this.#parents.set(id, root);
    return root;
  }

  join(a: string, b: string): void {
    this.#parents.set(this.of(a), this.of(b));
  }
}
