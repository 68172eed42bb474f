import type { Deletion, SystemMeaning } from "../../../../model/index.ts";
import { accountOf } from "../names.ts";
import type { RowContext } from "../row.ts";

/** What WeChat says when something happens, in its languages; the first that fits. */
const meanings: readonly (readonly [words: RegExp, meaning: SystemMeaning])[] = [
  [/撤回了|收回了|recalled a message/i, "message.revoke"],
  [
    /邀请.{0,200}加入|邀請.{0,200}加入|invited .{0,200} to (?:the )?group|added .{0,200} to the group/i,
    "member.add",
  ],
  [/移出了?群|移除群|removed .{0,200} from the group/i, "member.remove"],
  [/加入了?群|joined (?:the )?group/i, "member.join"],
  [/退出了?群|left the group/i, "member.leave"],
  [/修改群名|更改群名|changed the group (?:chat )?name/i, "title.change"],
  [/拍了拍|tickled|nudged/i, "poke"],
  [/红包|紅包|转账|轉帳|收款|red packet|transfer/i, "payment"],
  [/添加了.{0,100}(?:现在可以|现在就可以)|开始聊天|開始聊天|friend request/i, "contact.add"],
];
/** Beyond this a notice is prose. */
const shownLength = 400;

export function meaningOf(words: string | undefined): SystemMeaning {
  if (words === undefined || words.length > shownLength) return "notice";
  return meanings.find(([pattern]) => pattern.test(words))?.[1] ?? "notice";
}

const revocation =
  /(?:撤回了?(成员.{1,100}的)?(?:一条|一則)消息|收回了?(?:一則訊息|一条消息)|recalled a message( from .{1,100})?)[。.]?\s{0,4}(?:重新编辑|Edit)?\s{0,4}$/i;

/** That a message was taken back, where a notice says just that. */
export function revocationOf(words: string | undefined, context: RowContext): Deletion | undefined {
  if (words === undefined || words.length > shownLength) return undefined;
  const found = revocation.exec(words.trim());
  if (found === null) return undefined;
  const isAdmin = (found[1] ?? found[2]) !== undefined;
  const by = revoker(words.trim(), context);
  return { state: isAdmin ? "deletedByAdmin" : "revokedBySender", ...(by !== undefined && { by }) };
}

function revoker(words: string, { own, chat, isGroup }: RowContext): string | undefined {
  if (/^(?:你|您|You\b)/.test(words)) return accountOf(own);
  return isGroup ? undefined : accountOf(chat);
}
