import type { IndexForm } from "./search-index.ts";

/** How a version of WeChat keeps things. */
export type GenerationName = "current" | "old" | "future";

/** What differs from version to version; all else is alike. */
export interface Generation {
  /** The columns of a chat's table, in their order. */
  readonly chatColumns: string;
  /** The same for every third chat, where some of them are older still. */
  readonly olderChatColumns?: string;
  /** What stands in columns that only later versions know, by their names. */
  readonly laterColumns: Readonly<Record<string, string | number>>;
  /** Whether what names people lies beside the rows, in `ChatExt2`. */
  readonly hasBeside: boolean;
  /** All chats in `MM.sqlite`, and none in `message_N.sqlite`. */
  readonly isInOneDatabase: boolean;
  /** Contacts in a database of their own, or as `Friend` and `Friend_Ext` in `MM.sqlite`. */
  readonly contacts: "own database" | "in MM.sqlite";
  readonly contactColumns: string;
  readonly settings: "archive" | "mmkv";
  readonly searchIndex: IndexForm;
  /** Types of rows that no version of today writes. */
  readonly isFuture: boolean;
  /** Tables that nobody has heard of. */
  readonly furtherTables: string;
}

const contactColumns =
  "userName TEXT PRIMARY KEY, type INTEGER, certificationFlag INTEGER, imgStatus INTEGER, encodeUserName TEXT, dbContactLocal BLOB, dbContactOther BLOB, dbContactRemark BLOB, dbContactHeadImage BLOB, dbContactProfile BLOB, dbContactSocial BLOB, dbContactChatRoom BLOB, dbContactBrand BLOB";

const current: Generation = {
  chatColumns:
    "CreateTime INTEGER DEFAULT 0, Des INTEGER, ImgStatus INTEGER DEFAULT 0, MesLocalID INTEGER PRIMARY KEY AUTOINCREMENT, Message TEXT, MesSvrID INTEGER DEFAULT 0, Status INTEGER DEFAULT 0, TableVer INTEGER DEFAULT 1, Type INTEGER",
  laterColumns: {},
  hasBeside: true,
  isInOneDatabase: false,
  contacts: "own database",
  contactColumns,
  settings: "archive",
  searchIndex: "fts5",
  isFuture: false,
  furtherTables: "",
};

export const generations: Readonly<Record<GenerationName, Generation>> = {
  current,
  old: {
    ...current,
    chatColumns:
      "TableVer INTEGER DEFAULT 1, MesLocalID INTEGER PRIMARY KEY AUTOINCREMENT, MesSvrID BIGINT DEFAULT 0, CreateTime INTEGER DEFAULT 0, Message TEXT, Status INTEGER DEFAULT 0, ImgStatus INTEGER DEFAULT 0, Type INTEGER, Des INTEGER",
    olderChatColumns:
      "MesLocalID INTEGER PRIMARY KEY AUTOINCREMENT, CreateTime INTEGER DEFAULT 0, Message TEXT, Status INTEGER DEFAULT 0, Type INTEGER, Des INTEGER",
    hasBeside: false,
    isInOneDatabase: true,
    contacts: "in MM.sqlite",
    searchIndex: "fts4",
  },
  future: {
    ...current,
    chatColumns: `SecretLevel INTEGER, Bubble BLOB, ${current.chatColumns}, Translated TEXT`,
    laterColumns: { SecretLevel: 3, Translated: "later" },
    contactColumns: `dbContactHologram BLOB, ${contactColumns}, extFlag INTEGER, openIMAppid TEXT, typeExt INTEGER, _packed_DBContactTable BLOB`,
    settings: "mmkv",
    isFuture: true,
    furtherTables:
      "CREATE TABLE Hologram_1 (id INTEGER PRIMARY KEY, scene BLOB); INSERT INTO Hologram_1 VALUES (1, x'00ff'); CREATE TABLE Chat_config (k TEXT, v TEXT); INSERT INTO Chat_config VALUES ('a', 'b');",
  },
};
