import type { CodeEntry } from "../entry.ts";

/** Codes of what an operator sets up. */
export type OperatorCode =
  | "server.bad-secrets"
  | "server.day-keys"
  | "server.keys-in-backup"
  | "server.incomplete-backup"
  | "server.half-moved"
  | "server.move-differs"
  | "server.move-target-used"
  | "server.move-lacks-objects"
  | "server.move-other-keys"
  | "server.open-migrations";

export const operatorCodes: Readonly<Record<OperatorCode, CodeEntry>> = {
  "server.incomplete-backup": {
    en: "The copy of the server is not whole: objects that its database names are missing. Use another copy, or make it again.",
    zh: "服务器副本不完整：缺少数据库中记录的对象。请换用其他副本，或重新制作。",
    exit: 11,
    http: 500,
  },
  "server.half-moved": {
    en: "A move of a server to this database was begun and has not ended. Run `keepsake-server move` again: it goes on where it was. The server it comes from is whole.",
    zh: "向此数据库迁移服务器尚未完成。请再次运行 `keepsake-server move`，它会继续。原服务器没有改变。",
    exit: 13,
    http: 409,
  },
  "server.move-differs": {
    en: "What was copied is not what lies at the source. Make sure that no server runs on either, then run the move again. The source was not changed.",
    zh: "复制的内容与来源不一致。请确认两边都没有服务器在运行，再重新迁移。来源没有改变。",
    exit: 11,
    http: 500,
  },
  "server.move-target-used": {
    en: "There are rows in the database that the server is to move to. Name an empty one.",
    zh: "迁移的目标数据库里已有数据。请指定空的数据库。",
    exit: 13,
    http: 409,
  },
  "server.move-lacks-objects": {
    en: "Objects are missing or damaged at the source, as many as are named; all others were moved. Put them back and run the move again, or add --without-missing.",
    zh: "来源中有对象缺失或损坏（数量见详情），其余均已迁移。请恢复它们后重新运行，或加上 --without-missing。",
    exit: 11,
    http: 500,
  },
  "server.move-other-keys": {
    en: "Day keys lie where the server is to move to, and they are not its own. Name an empty folder in KEEPSAKE_TO_DAY_KEYS; nothing there was changed.",
    zh: "迁移的目标日密钥文件夹里已有其他密钥。请用 KEEPSAKE_TO_DAY_KEYS 指定空的文件夹；其中的内容没有改变。",
    exit: 13,
    http: 409,
  },
  "server.open-migrations": {
    en: "The tables of the server are older than this program. Run `keepsake-server database up` first.",
    zh: "服务器的数据库结构比本程序旧。请先运行 `keepsake-server database up`。",
    exit: 14,
    http: 409,
  },
  "server.keys-in-backup": {
    en: "The copy would hold the server's day keys: what members forgot could be opened from it. Name another folder for the copy, or take the day keys out of it.",
    zh: "副本中会包含服务器的日密钥，成员遗忘的内容因此可能被打开。请为副本换一个文件夹，或把日密钥移出。",
    exit: 13,
    http: 409,
  },
  "server.day-keys": {
    en: "The server's folder of day keys cannot be read or written, is empty, or is another server's. Mount it or bring it back, or name it in KEEPSAKE_DAY_KEYS, which all servers on one database share; where it is lost for good, run `keepsake-server day-keys renew`.",
    zh: "服务器的日密钥文件夹无法读写、为空，或属于另一台服务器。请挂载或恢复该文件夹，或用 KEEPSAKE_DAY_KEYS 指定（共用一个数据库的服务器共用一个文件夹）；若已无法找回，请运行 `keepsake-server day-keys renew`。",
    exit: 13,
    http: 503,
  },
  "server.bad-secrets": {
    en: "The file of the server's secrets cannot be read or made, or is not the one that belongs to this database. Bring back the right file from your backup of it.",
    zh: "服务器密钥文件无法读取或创建，或不属于这个数据库。请用该文件的备份恢复。",
    exit: 13,
    http: 500,
  },
};
