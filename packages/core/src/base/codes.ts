import { mediaCodes, type MediaCode } from "./codes/media.ts";

/** What a code means to a person, to a script and to an HTTP client. */
export interface CodeEntry {
  /** One sentence or two that say what happened and what to do. */
  readonly en: string;
  readonly zh: string;
  /** The CLI's exit code. */
  readonly exit: number;
  readonly http: number;
}

/** Dotted by area: base, store, vault, history, format, media, keys, cli. */
export type Code =
  | MediaCode
  | "base.aborted"
  | "base.limit"
  | "base.invalid"
  | "base.unexpected"
  | "store.not-found"
  | "store.exists"
  | "store.unavailable"
  | "store.full"
  | "store.bad-name"
  | "vault.not-found"
  | "vault.already-there"
  | "vault.newer-format"
  | "vault.older-than-floor"
  | "vault.corrupt"
  | "vault.wrong-key"
  | "vault.unsafe-parameters"
  | "keys.words-count"
  | "keys.unknown-word"
  | "keys.words-checksum"
  | "keys.weak-password"
  | "keys.no-authority"
  | "keys.last-slot"
  | "vault.altered-keys"
  | "vault.rolled-back"
  | "vault.raced"
  | "vault.revoked-device"
  | "format.unknown"
  | "format.damaged"
  | "format.newer-version"
  | "format.no-database"
  | "format.database-damaged"
  | "format.unreadable"
  | "format.unsafe-path"
  | "format.target-exists"
  | "format.password-needed"
  | "format.unfinished"
  | "format.unknown-account"
  | "format.no-account-chosen"
  | "format.wrong-password"
  | "history.cannot-undo"
  | "history.diverged"
  | "keys.no-device"
  | "cli.usage"
  | "cli.partly"
  | "cli.not-confirmed"
  | "cli.no-store"
  | "cli.no-secret"
  | "cli.no-chat"
  | "cli.no-file"
  | "cli.folder-not-empty"
  | "cli.not-this-device"
  | "keys.replaced"
  | "keys.diverged";

/*
 * Exit codes: 0 done, 1 unexpected, 2 usage, 3 done in part (the items are listed), 4 not found,
 * 5 store cannot be reached now, 6 full, 10 no vault here, 11 damaged, 12 wrong key,
 * 13 refused for safety, 14 needs a newer Keepsake, 130 stopped by the person.
 */
export const codes: Readonly<Record<Code, CodeEntry>> = {
  ...mediaCodes,
  "base.aborted": {
    en: "Stopped. What was finished is kept; run the same command to go on.",
    zh: "已停止。已完成的部分都已保留，再次运行同一命令即可继续。",
    exit: 130,
    http: 499,
  },
  "base.limit": {
    en: "A limit was passed that no honest data reaches; the item was refused.",
    zh: "超出了正常数据不会达到的上限，该项已被拒绝。",
    exit: 11,
    http: 413,
  },
  "base.invalid": {
    en: "A value is not valid; see the details for which one.",
    zh: "有一个值无效，详情中写明是哪一个。",
    exit: 2,
    http: 400,
  },
  "base.unexpected": {
    en: "Something went wrong that should not have; nothing stored was changed. Please report it.",
    zh: "发生了不该发生的错误，已保存的内容没有改动。请反馈给我们。",
    exit: 1,
    http: 500,
  },
  "store.not-found": {
    en: "An object is missing from the store. Run check, then repair from a second copy.",
    zh: "存储中缺少一个对象。请先运行 check，再用第二份副本运行 repair。",
    exit: 4,
    http: 404,
  },
  "store.exists": {
    en: "An object of that name is already in the store and is different.",
    zh: "存储中已有同名但内容不同的对象。",
    exit: 13,
    http: 409,
  },
  "store.unavailable": {
    en: "The store cannot be reached now. Check the disk or the connection and run the command again.",
    zh: "现在无法访问存储。请检查磁盘或网络后重新运行该命令。",
    exit: 5,
    http: 503,
  },
  "store.full": {
    en: "The store is full. Free some space or choose another store, then run the command again.",
    zh: "存储已满。请腾出空间或换一个存储后重新运行。",
    exit: 6,
    http: 507,
  },
  "store.bad-name": {
    en: "A store was asked for a name that no vault uses.",
    zh: "请求的名称不是任何保险库会使用的名称。",
    exit: 1,
    http: 400,
  },
  "vault.not-found": {
    en: "There is no vault here. Make one with `keepsake init`, or check the path of the store.",
    zh: "这里没有保险库。请用 `keepsake init` 新建，或检查存储的路径。",
    exit: 10,
    http: 404,
  },
  "vault.already-there": {
    en: "A vault is already here. Choose an empty folder, or open the one that is there.",
    zh: "这里已经有一个保险库。请选择空文件夹，或打开已有的保险库。",
    exit: 13,
    http: 409,
  },
  "vault.newer-format": {
    en: "This vault was written by a newer Keepsake. Update Keepsake, then open it again.",
    zh: "这个保险库由更新版本的 Keepsake 写成。请更新 Keepsake 后再打开。",
    exit: 14,
    http: 409,
  },
  "vault.older-than-floor": {
    en: "The store offers an older version of the vault's rules than it had before. It was refused.",
    zh: "存储给出的保险库规则版本比以前更旧，已拒绝。",
    exit: 13,
    http: 409,
  },
  "vault.corrupt": {
    en: "A stored object is damaged or was altered. Run check, then repair from a second copy.",
    zh: "有一个已存对象损坏或被改动。请运行 check，再用第二份副本运行 repair。",
    exit: 11,
    http: 422,
  },
  "vault.wrong-key": {
    en: "That key does not open this vault. Check the words or the password and try again.",
    zh: "这个口令打不开该保险库。请检查恢复口令或密码后再试。",
    exit: 12,
    http: 403,
  },
  "vault.unsafe-parameters": {
    en: "The store offers key parameters outside the safe range. They were refused.",
    zh: "存储给出的密钥参数超出安全范围，已拒绝。",
    exit: 13,
    http: 409,
  },
  "keys.words-count": {
    en: "Twenty-four words are needed. Type all of them, in their order.",
    zh: "需要 24 个恢复口令词，请按顺序全部输入。",
    exit: 2,
    http: 400,
  },
  "keys.unknown-word": {
    en: "One of the words is not in the list. Its place is given; compare it with your recovery kit.",
    zh: "有一个词不在词表中，已标明是第几个，请与恢复卡核对。",
    exit: 2,
    http: 400,
  },
  "keys.words-checksum": {
    en: "All words are known, but they do not belong together. Check their order against your recovery kit.",
    zh: "每个词都在词表中，但组合不对。请对照恢复卡检查顺序。",
    exit: 2,
    http: 400,
  },
  "keys.weak-password": {
    en: "This password is too easy to guess. Take at least 8 characters that are not all alike.",
    zh: "这个密码太容易被猜到。请至少用 8 个不同的字符。",
    exit: 2,
    http: 400,
  },
  "keys.no-authority": {
    en: "This needs the recovery words or the password: a device's own key is not enough.",
    zh: "此操作需要恢复口令或密码，仅凭本设备的密钥不够。",
    exit: 12,
    http: 403,
  },
  "keys.last-slot": {
    en: "This is the last way to open the vault without this device. Add another before removing it.",
    zh: "这是不依赖本设备打开保险库的最后一种方式。请先添加另一种，再移除它。",
    exit: 13,
    http: 409,
  },
  "vault.altered-keys": {
    en: "The list of keys in this store was altered, or belongs to another vault. It was refused.",
    zh: "存储中的密钥清单被改动过，或属于另一个保险库，已拒绝。",
    exit: 13,
    http: 409,
  },
  "vault.rolled-back": {
    en: "The store shows an older state than this device has seen. Nothing was changed. Compare it with another copy before you go on.",
    zh: "存储给出的状态比本设备见过的更旧。没有做任何改动，请先与另一份副本比对。",
    exit: 13,
    http: 409,
  },
  "vault.raced": {
    en: "Another device wrote at the same time, again and again. Run the command once more.",
    zh: "另一台设备反复同时写入。请再运行一次该命令。",
    exit: 5,
    http: 409,
  },
  "vault.revoked-device": {
    en: "This device was removed from the vault. Open the vault with the recovery words to add it again.",
    zh: "这台设备已从保险库移除。请用恢复口令打开保险库后重新添加。",
    exit: 12,
    http: 403,
  },
  "format.unknown": {
    en: "No format that Keepsake reads was found here. Check that the whole export was chosen, not a part of it.",
    zh: "这里没有 Keepsake 能读取的格式。请确认选择的是完整的导出，而不是其中一部分。",
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
  "history.cannot-undo": {
    en: "The last step cannot be taken back: what it replaced is not there any more, or it was no step of that kind.",
    zh: "上一步无法撤销：它替换掉的内容已不在，或它不是可撤销的操作。",
    exit: 13,
    http: 409,
  },
  "history.diverged": {
    en: "The two copies went different ways. Merge them with `keepsake merge`, then copy again.",
    zh: "两份副本的内容已经分叉。请先用 `keepsake merge` 合并，再复制。",
    exit: 13,
    http: 409,
  },
  "keys.no-device": {
    en: "There is no such device, or it is the one at hand. Look at `keepsake keys` and name another.",
    zh: "没有这台设备，或它就是当前设备。请用 `keepsake keys` 查看后另选一台。",
    exit: 2,
    http: 404,
  },
  "cli.usage": {
    en: "The command was not understood.",
    zh: "无法理解该命令。",
    exit: 2,
    http: 400,
  },
  "cli.partly": {
    en: "Done in part: what is missing or needs a look is listed above.",
    zh: "只完成了一部分：缺少的或需要查看的已在上面列出。",
    exit: 3,
    http: 200,
  },
  "cli.not-confirmed": {
    en: "Nothing was changed: this needs your consent. Answer the question in a terminal, or add --yes.",
    zh: "没有做任何改动：此操作需要你确认。请在终端中回答，或加上 --yes。",
    exit: 13,
    http: 409,
  },
  "cli.no-store": {
    en: "Which vault is meant? Name its folder with --store, or make one with `keepsake init --store FOLDER`.",
    zh: "未指定保险库。请用 --store 指明所在文件夹，或用 `keepsake init --store 文件夹` 新建。",
    exit: 2,
    http: 400,
  },
  "cli.no-secret": {
    en: "This needs the recovery words or the password. Type them in a terminal, or name a file with --words-file or --password-file.",
    zh: "此操作需要恢复口令或密码。请在终端中输入，或用 --words-file、--password-file 指定文件。",
    exit: 12,
    http: 403,
  },
  "cli.no-chat": {
    en: "No chat, person or version of that name is in the vault, or several are. Look at `keepsake chats`, and use the id.",
    zh: "保险库中没有这个名称的聊天、联系人或版本，或有多个。请用 `keepsake chats` 查看，并使用其编号。",
    exit: 4,
    http: 404,
  },
  "cli.no-file": {
    en: "A file that was named cannot be read or written, or is there already.",
    zh: "指定的文件无法读取或写入，或已经存在。",
    exit: 4,
    http: 404,
  },
  "cli.folder-not-empty": {
    en: "The folder is not empty. Choose an empty one, so that nothing else of yours is mixed with the vault.",
    zh: "该文件夹不是空的。请选择空文件夹，以免与你的其他文件混在一起。",
    exit: 13,
    http: 409,
  },
  "cli.not-this-device": {
    en: "This device may read the vault, not write it. Add it with `keepsake keys join`, then run the command again.",
    zh: "本设备只能读取该保险库，不能写入。请先用 `keepsake keys join` 加入，再运行该命令。",
    exit: 12,
    http: 403,
  },
  "keys.replaced": {
    en: "This key was valid once and has been replaced or taken out since. Use the new words or the new password.",
    zh: "这个口令或设备曾经有效，后来已被更换或移除。请使用新的恢复口令或密码。",
    exit: 12,
    http: 403,
  },
  "keys.diverged": {
    en: "The keys were changed in both copies while they were apart, or the other one holds another vault. The two cannot be merged: export from one and back that up into the other.",
    zh: "两份副本分开期间都更改过密钥，或另一份是别的保险库，无法合并。请从其中一份导出，再备份到另一份。",
    exit: 13,
    http: 409,
  },
};
