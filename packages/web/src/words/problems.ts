import type { Code } from "@keepsake/core/base";
import { Problem } from "../state/errors.ts";
import { both, say, type Both } from "../state/language.ts";

/** Of what nobody expected. */
const unexpectedly = both({
  zh: "发生了不该发生的错误，已保存的内容没有改动。请反馈给我们。",
  en: "Something went wrong that should not have; nothing stored was changed. Please report it.",
});

/** Of what cannot be reached, the table itself perhaps among it. */
export const unreachable: Both<string> = both({
  zh: "现在连不上服务器。请检查网络后再试。",
  en: "The server cannot be reached now. Check your network and try again.",
});

/** Sentences that say what to do in a page, where those of the table speak of commands. */
const here: Partial<Record<Code, Both<string>>> = {
  "base.unexpected": unexpectedly,
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
  "server.unreachable": unreachable,
  "store.unavailable": unreachable,
};

/** What is said of a code: in words of the page's own, or what is found elsewhere. */
export async function saysOf(
  code: Code,
  elsewhere: (code: Code) => Promise<Both<string>>,
): Promise<Both<string>> {
  return here[code] ?? elsewhere(code).catch(() => unexpectedly);
}

/** An error as a person reads it, in the language that is spoken. */
export function problemText(error: unknown): string {
  return say((error instanceof Problem ? error.says : undefined) ?? unexpectedly);
}
