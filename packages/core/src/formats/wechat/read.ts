import { findBackups, openBackup, type AppleBackup, type BackupInfo } from "../../apple/index.ts";
import { KeepsakeError, type Finding, type FindingCode } from "../../base/index.ts";
import { chatId, idParts, type Account, type Chat, type Member, type ReadEvent } from "../../model/index.ts";
import type { Detection, ReadOptions, ReadTools } from "../format.ts";
import type { MessageEvent } from "../in-order.ts";
import type { Source } from "../source.ts";
import { FindingTally } from "../tally.ts";
import { accountOf, isGroup } from "./content/index.ts";
import { appDomain, groupDomain, phoneAccounts, type PhoneAccount } from "./ios/people/account.ts";
import { asidesOf } from "./ios/asides.ts";
import { chatTables, type ChatReading, type ChatTables } from "./ios/rows/chats.ts";
import { accountFrom, shownName, type Contact } from "./ios/people/contacts.ts";
import { People } from "./ios/people/people.ts";
import { openDatabases } from "./ios/databases.ts";
import { chatFiles } from "./ios/media.ts";
import { SearchIndex } from "./ios/search-index.ts";
import { AccountMemory } from "./ios/rows/memory.ts";
import { chatMessages } from "./ios/rows/told.ts";

const platform = "wechat";
const bundleId = "com.tencent.xin";
const messagesPerReport = 10_000;

/** An Apple local backup, or a folder of several, that holds something of WeChat. */
export async function detect(source: Source): Promise<Detection | null> {
  let broken: KeepsakeError | undefined;
  const backups = await findBackups(source, (_, error) => (broken ??= error));
  const found = backups.filter(({ apps }) => apps.has(bundleId));
  if (backups.length === 0 && broken !== undefined) throw broken;
  if (found.length === 0) return null;
  const paths = found.map(({ folder }) => `${folder}Manifest.plist`);
  return { format: "wechat-ios", confidence: 0.95, paths };
}

/** Reads one account of the newest backup. */
export async function* read(source: Source, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  for await (const some of readMany(source, options)) yield* some;
}

/** The same, many events at a time. */
export async function* readMany(
  source: Source,
  options: ReadOptions = {},
): AsyncGenerator<readonly ReadEvent[]> {
  const { tools } = options;
  if (tools === undefined) throw new KeepsakeError("base.invalid", { details: { what: "no-tools" } });
  const { chosen, others } = await chooseBackup(source);
  await using backup = await openBackup(source, chosen, {
    ...tools,
    domains: [appDomain, groupDomain],
    signal: options.signal,
  });
  const account = await chooseAccount(await phoneAccounts(backup), options.own, tools);
  yield [sourceEvent(account, chosen), ...others];
  yield* accountEvents(backup, { account, options, tools });
}

/** The newest one that is finished; what is passed over is said. */
async function chooseBackup(source: Source): Promise<{ chosen: BackupInfo; others: ReadEvent[] }> {
  const others: ReadEvent[] = [];
  // Folders are named after phones: a finding counts them instead.
  const passOver = (code: FindingCode): void => {
    others.push({ type: "finding", finding: { code, severity: "warning" } });
  };
  const found = await findBackups(source, () => passOver("wechat.backup-broken"));
  const usable = found.filter(({ apps, isFinished }) => apps.has(bundleId) && isFinished);
  const [chosen, ...older] = usable.sort((a, b) => (b.takenAtMs ?? 0) - (a.takenAtMs ?? 0));
  if (chosen === undefined) throw new KeepsakeError("format.unfinished");
  for (const _ of older) passOver("wechat.older-backup");
  for (const { isFinished } of found) if (!isFinished) passOver("wechat.unfinished-backup");
  return { chosen, others };
}

/** Whose messages are read: whom the person named beforehand, or confirms now. */
async function chooseAccount(
  accounts: readonly PhoneAccount[],
  own: string | undefined,
  tools: ReadTools,
): Promise<PhoneAccount> {
  const wanted = accounts.filter(({ userName, alias, folder }) => {
    if (own === undefined) return true;
    return (
      own === userName ||
      own === alias ||
      own === folder ||
      (userName !== undefined && own === accountOf(userName))
    );
  });
  if (wanted.length === 0) throw new KeepsakeError("format.unknown-account");
  if (own !== undefined) return wanted[0]!;
  const chosen = await tools.chooseOwn(wanted.map(ownAccount));
  if (chosen === undefined) throw new KeepsakeError("format.no-account-chosen");
  return wanted[chosen]!;
}

function ownAccount({ userName, nickname, alias, folder }: PhoneAccount): Account {
  return accountFrom(userName ?? folder, { userName: userName ?? folder, nickname, alias });
}

function sourceEvent(account: PhoneAccount, { takenAtMs, systemVersion }: BackupInfo): ReadEvent {
  return {
    type: "source",
    source: {
      format: "wechat-ios",
      platform,
      own: ownAccount(account),
      ...(takenAtMs !== undefined && { exportedAt: takenAtMs }),
      ...(systemVersion !== undefined && { generator: `iOS ${systemVersion}` }),
    },
  };
}

interface AccountReading {
  readonly account: PhoneAccount;
  readonly options: ReadOptions;
  readonly tools: ReadTools;
}

async function* accountEvents(
  backup: AppleBackup,
  { account, options, tools }: AccountReading,
): AsyncGenerator<readonly ReadEvent[]> {
  const { folder } = account;
  await using databases = await openDatabases(backup, {
    folder,
    sqlite: tools.sqlite,
    signal: options.signal,
  });
  const findings = new FindingTally();
  const onFinding = (finding: Finding): void => findings.add(finding);
  const { sqlite, primitives } = tools;
  await using searchIndex = new SearchIndex(backup, { folder, sqlite, signal: options.signal }, onFinding);
  const people = await People.read(backup, folder, databases.contacts, onFinding);
  const own = ownAccount(account);
  const avatarFile = await people.picture(folder);
  const avatar = avatarFile === undefined ? {} : ({ avatar: { state: "present", kind: "avatar" } } as const);
  yield [{ type: "account", account: { ...own, ...avatar }, avatarFile }];
  yield databases.findings.map(findingEvent);
  const memory = options.memory && new AccountMemory(options.memory, own.id);
  const reading: Reading = {
    backup,
    folder,
    own,
    people,
    findings,
    options,
    memory,
    messages: 0,
    primitives,
    searchIndex,
  };
  for (const tables of chatTables(databases.messages))
    yield* chatEvents(tables, people.named(tables.hash), reading);
  memory?.keep();
  // Where most is passed over, what lies beside it is as it was told before.
  if (options.memory?.before === undefined)
    yield (await asidesOf(backup, folder, options.signal)).map((aside) => ({ type: "aside", ...aside }));
  yield findings.all().map(findingEvent);
}

interface Reading {
  readonly backup: AppleBackup;
  readonly folder: string;
  readonly own: Account;
  readonly people: People;
  readonly findings: FindingTally;
  readonly options: ReadOptions;
  readonly memory: AccountMemory | undefined;
  readonly primitives: ReadTools["primitives"];
  readonly searchIndex: SearchIndex;
  messages: number;
}

/** One chat. Where nobody says whose it is, its name is its hash. */
async function* chatEvents(
  tables: ChatTables,
  known: string | undefined,
  reading: Reading,
): AsyncGenerator<readonly ReadEvent[]> {
  const { own, people, options, findings, primitives, searchIndex } = reading;
  const { hash } = tables;
  const userName = known ?? hash;
  const contact = people.contact(userName);
  const avatarFile = await people.picture(hash);
  const chat = chatOf(userName, {
    own,
    contact,
    isNamed: known !== undefined,
    hasAvatar: avatarFile !== undefined,
  });
  const seen = new Set([own.id]);
  yield [{ type: "chat", chat, avatarFile }];
  const present =
    contact?.members?.map((member) => member.userName) ?? (chat.kind === "direct" ? [userName] : []);
  yield await newcomers(present, people, seen);
  const cards = new Map(contact?.members?.map((member) => [member.userName, member.card]));
  const files = await chatFiles(reading.backup, { folder: reading.folder, chat: hash });
  const context = {
    chat: userName,
    // Of a chat that nobody names, only what the rows themselves say of their senders is told.
    isGroup: known === undefined || isGroup(userName),
    own: own.value,
    nameOf: (user: string) => cards.get(user) ?? people.nameOf(user),
  };
  const onFinding = (finding: Finding): void => findings.add(finding);
  const from: ChatReading = {
    chat: chat.id,
    hash,
    context,
    files,
    primitives,
    searchIndex,
    onFinding,
    signal: options.signal,
  };
  for await (const some of chatMessages(tables, from, reading.memory)) {
    if ("from" in some) yield [{ type: "same", ...some }];
    else yield await withAuthors(some, people, seen);
    reportRead(reading, "from" in some ? some.messages : some.length);
  }
}

function reportRead(reading: Reading, more: number): void {
  const before = Math.floor(reading.messages / messagesPerReport);
  reading.messages += more;
  if (Math.floor(reading.messages / messagesPerReport) > before)
    reading.options.report?.({ type: "progress", stage: "read", done: { messages: reading.messages } });
}

/** Everybody is told of before the first message that names them. */
async function withAuthors(
  messages: readonly MessageEvent[],
  people: People,
  seen: Set<string>,
): Promise<readonly ReadEvent[]> {
  const isKnown = ({ message: { author } }: MessageEvent): boolean =>
    author === undefined || seen.has(author);
  if (messages.every(isKnown)) return messages;
  const events: ReadEvent[] = [];
  for (const event of messages) {
    if (!isKnown(event))
      events.push(...(await newcomers([idParts(event.message.author!)[2] ?? ""], people, seen)));
    events.push(event);
  }
  return events;
}

async function newcomers(
  userNames: readonly string[],
  people: People,
  seen: Set<string>,
): Promise<readonly ReadEvent[]> {
  const events: ReadEvent[] = [];
  for (const userName of userNames) {
    const { id } = people.account(userName);
    if (seen.has(id)) continue;
    seen.add(id);
    events.push(await people.told(userName));
  }
  return events;
}

function chatOf(userName: string, { own, contact, isNamed, hasAvatar }: ChatAbout): Chat {
  const group = isGroup(userName);
  const title = shownName(contact);
  return {
    id: chatId({ platform, class: group ? "group" : "user", nativeId: userName, own: own.id }),
    platform,
    kind: kindOf(userName, isNamed),
    own: [own.id],
    ...(title !== undefined && { title }),
    ...(hasAvatar && { avatar: { state: "present", kind: "avatar" } }),
    ...(contact?.members !== undefined && { members: contact.members.map(memberFrom) }),
  };
}

interface ChatAbout {
  readonly own: Account;
  readonly contact: Contact | undefined;
  readonly isNamed: boolean;
  readonly hasAvatar: boolean;
}

function memberFrom({ userName, card }: NonNullable<Contact["members"]>[number]): Member {
  return { account: accountOf(userName), ...(card !== undefined && { title: card }) };
}

function kindOf(userName: string, isNamed: boolean): Chat["kind"] {
  if (!isNamed) return "unknown";
  if (isGroup(userName)) return "group";
  if (userName.startsWith("gh_")) return "channel";
  return userName === "filehelper" ? "self" : "direct";
}

function findingEvent(finding: Finding): ReadEvent {
  return { type: "finding", finding };
}
