import type { CodeEntry } from "./entry.ts";

export type FormatCode =
  | "format.unknown"
  | "format.damaged"
  | "format.newer-version"
  | "format.no-database"
  | "format.database-damaged"
  | "format.unreadable"
  | "format.unsafe-path"
  | "format.target-exists"
  | "format.unfinished"
  | "format.changing"
  | "format.unknown-account"
  | "format.no-account-chosen"
  | "format.zip-damaged"
  | "format.zip-protected"
  | "format.password-needed"
  | "format.wrong-password";

export const formatCodes: Readonly<Record<FormatCode, CodeEntry>> = {
  "format.unknown": {
    en: "No format that Keepsake reads was found here. Check that the whole export was chosen, not a part of it. To keep any folder just as it is, add --format folder.",
    zh: "这里没有 Keepsake 能读取的格式。请确认选择的是完整的导出，而不是其中一部分。若要按原样保存任意文件夹，请加上 --format folder。",
    exit: 4,
    http: 415,
  },
  "format.damaged": {
    en: "This export begins like a known format, but what follows is broken. Make the export again.",
    zh: "这份导出的开头是已知格式，但后面的内容已损坏。请重新导出。",
    exit: 11,
    http: 422,
  },
  "format.newer-version": {
    en: "This export was written by a newer Keepsake. Update Keepsake, then read it again.",
    zh: "这份导出由更新版本的 Keepsake 写成。请更新 Keepsake 后再读取。",
    exit: 14,
    http: 409,
  },
  "format.no-database": {
    en: "This file is no SQLite database, or it is encrypted by its app. Keepsake opens no app's encrypted database: use the app's own export, or a backup of the phone.",
    zh: "这个文件不是 SQLite 数据库，或已被其应用加密。Keepsake 不会打开应用加密的数据库，请使用该应用自带的导出功能，或手机的备份。",
    exit: 11,
    http: 422,
  },
  "format.database-damaged": {
    en: "A database is damaged; what could be read before the damage is kept. Copy or back up the app's data again, then read it again.",
    zh: "数据库已损坏，损坏处之前能读到的内容都已保留。请重新复制或备份该应用的数据，然后再次读取。",
    exit: 11,
    http: 422,
  },
  "format.unreadable": {
    en: "A file of the export could not be read. Check that it is still there and may be read, then try again.",
    zh: "导出中有一个文件无法读取。请确认它仍在原处并且允许读取，然后再试。",
    exit: 5,
    http: 422,
  },
  "format.unsafe-path": {
    en: "A file name leads out of the folder that was chosen, or cannot be used. It was refused.",
    zh: "有一个文件名指向所选文件夹之外，或无法使用，已拒绝。",
    exit: 13,
    http: 400,
  },
  "format.target-exists": {
    en: "A file of that name is already in the target folder. Choose an empty folder.",
    zh: "目标文件夹中已有同名文件。请选择一个空文件夹。",
    exit: 13,
    http: 409,
  },
  "format.unfinished": {
    en: "No backup here is finished. Wait until the computer has finished backing up the phone, then try again.",
    zh: "这里没有已完成的备份。请等电脑完成手机备份后再试。",
    exit: 5,
    http: 409,
  },
  "format.changing": {
    en: "Something still writes into this folder, so that no whole state of it could be kept. Wait until that has finished, then run this again; what was stored already is not stored twice.",
    zh: "这个文件夹仍在被写入，因此无法保存完整的状态。请等写入结束后再次运行；已存入的部分不会重复存储。",
    exit: 5,
    http: 409,
  },
  "format.unknown-account": {
    en: "This account is not in the backup, or no account in it has messages. Check the name after --me.",
    zh: "备份中没有这个账号，或没有任何账号的消息。请检查 --me 后面的名称。",
    exit: 4,
    http: 404,
  },
  "format.no-account-chosen": {
    en: "Whose messages these are was not confirmed, so nothing was read. Answer in a terminal, or name the account with --me.",
    zh: "尚未确认这是谁的消息，因此没有读取任何内容。请在终端中回答，或用 --me 指明账号。",
    exit: 13,
    http: 409,
  },
  "format.zip-damaged": {
    en: "This zip file, or a file in it, is damaged or not all there. Download or make it again; a zip in several parts has to be unpacked first.",
    zh: "这个 zip 文件或其中的文件已损坏或不完整。请重新下载或重新生成；分卷的 zip 需要先解压。",
    exit: 11,
    http: 422,
  },
  "format.zip-protected": {
    en: "Everything in this zip file is protected by a password. Unpack it with the program that made it, then choose the folder.",
    zh: "这个 zip 文件中的内容都受密码保护。请先用制作它的程序解压，再选择解压出的文件夹。",
    exit: 12,
    http: 401,
  },
  "format.password-needed": {
    en: "This backup is protected. Give its own backup password, the one that was set on the computer that made it.",
    zh: "这份备份有密码保护。请提供它自己的备份密码，也就是在制作它的电脑上设置的那个。",
    exit: 12,
    http: 401,
  },
  "format.wrong-password": {
    en: "This is not the password of this backup. It is the backup password set on the computer, not the phone's code.",
    zh: "这不是这份备份的密码。需要的是在电脑上设置的备份密码，不是手机锁屏密码。",
    exit: 12,
    http: 401,
  },
};
