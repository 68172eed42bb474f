import type { AppleBackup, BackupFile } from "../../../../apple/index.ts";
import type { Finding } from "../../../../base/index.ts";
import type { Account, ReadEvent, SourceFile } from "../../../../model/index.ts";
import type { ContactDatabases } from "../databases.ts";
import { groupDomain, md5Of } from "./account.ts";
import { accountFrom, readContacts, shownName, type Contact } from "./contacts.ts";
import { readLabels } from "./labels.ts";
import { sessionContact } from "./sessions.ts";

/** Everybody whom the account knows: names, labels, pictures. */
export class People {
  readonly #contacts: Map<string, Contact>;
  readonly #byHash: ReadonlyMap<string, string>;
  readonly #labels: ReadonlyMap<string, string>;
  /** Pictures that WeChat shares with its extensions, by the hash of whom they show. */
  readonly #pictures: ReadonlyMap<string, BackupFile>;
  readonly #opened = new Map<string, Promise<SourceFile | undefined>>();

  private constructor(
    contacts: Map<string, Contact>,
    labels: ReadonlyMap<string, string>,
    pictures: ReadonlyMap<string, BackupFile>,
  ) {
    this.#contacts = contacts;
    const members = [...contacts.values()].flatMap((contact) => contact.members ?? []);
    const known = [...members.map(({ userName }) => userName), ...contacts.keys()];
    this.#byHash = new Map(known.map((userName) => [md5Of(userName), userName]));
    this.#labels = labels;
    this.#pictures = pictures;
  }

  static async read(
    backup: AppleBackup,
    folder: string,
    databases: ContactDatabases,
    onFinding: (finding: Finding) => void,
  ): Promise<People> {
    const contacts = await readContacts(databases, onFinding);
    for (const [userName, contact] of contacts)
      if (shownName(contact) === undefined)
        contacts.set(userName, { ...contact, ...(await sessionContact(backup, folder, userName)) });
    const pictures = new Map<string, BackupFile>();
    const prefix = `share/${folder}/session/headImg/`;
    for await (const file of backup.within(groupDomain, prefix)) {
      const hash = /^([0-9a-f]{32})\.pic$/.exec(file.path.slice(prefix.length))?.[1];
      if (hash !== undefined) pictures.set(hash, file);
    }
    return new People(contacts, await readLabels(backup, folder), pictures);
  }

  contact(userName: string): Contact | undefined {
    return this.#contacts.get(userName);
  }

  /** The user name that has this hash; undefined where nobody gives it away. */
  named(hash: string): string | undefined {
    return this.#byHash.get(hash);
  }

  nameOf(userName: string): string | undefined {
    return shownName(this.#contacts.get(userName));
  }

  /** The picture of somebody or of a group. */
  picture(hash: string): Promise<SourceFile | undefined> {
    const known = this.#opened.get(hash);
    if (known !== undefined) return known;
    const opened = this.#pictures.get(hash)?.open() ?? Promise.resolve(undefined);
    this.#opened.set(hash, opened);
    return opened;
  }

  account(userName: string): Account {
    return accountFrom(userName, this.#contacts.get(userName), this.#labels);
  }

  /** Somebody, with their picture. */
  async told(userName: string): Promise<ReadEvent> {
    const avatarFile = await this.picture(md5Of(userName));
    const account = this.account(userName);
    if (avatarFile === undefined) return { type: "account", account };
    return {
      type: "account",
      account: { ...account, avatar: { state: "present", kind: "avatar" } },
      avatarFile,
    };
  }
}
