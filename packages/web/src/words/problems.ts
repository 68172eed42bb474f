import type { Code } from "@keepsake/core/base";
import { Problem } from "../state/errors.ts";
import { both, say } from "../state/language.ts";

/** Sentences that say what to do in a page, where those of the table speak of commands. */
const here: Partial<Record<Code, { readonly zh: string; readonly en: string }>> = {
  "vault.wrong-key": both({
    zh: "密码或恢复口令不对，请再试一次。",
    en: "The password or the words are not right. Please try again.",
  }),
  "member.no-session": both({
    zh: "登录已失效，请重新登录。",
    en: "You are not logged in any more. Please log in again.",
  }),
  "member.totp-needed": both({
    zh: "请输入验证器应用中的六位数字。",
    en: "Type the six digits that your authenticator app shows.",
  }),
  "store.unavailable": both({
    zh: "现在连不上服务器。请检查网络后再试。",
    en: "The server cannot be reached now. Check your network and try again.",
  }),
};

/** Of what nobody expected. */
export const unexpectedly = both({
  zh: "发生了不该发生的错误，已保存的内容没有改动。请反馈给我们。",
  en: "Something went wrong that should not have; nothing stored was changed. Please report it.",
});

/** An error as a person reads it, in the language that is spoken. */
export function problemText(error: unknown): string {
  return say(error instanceof Problem ? (here[error.told.code] ?? error.told.says) : unexpectedly);
}
