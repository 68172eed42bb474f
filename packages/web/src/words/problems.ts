import { codes, KeepsakeError, type Code } from "@keepsake/core/base";
import { both, language, say } from "../state/language.ts";

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

/** An error as a person reads it, in the language that is spoken. */
export function problemText(error: unknown): string {
  const code = KeepsakeError.is(error) ? error.code : "base.unexpected";
  const own = here[code];
  return own === undefined ? codes[code][language.value] : say(own);
}
