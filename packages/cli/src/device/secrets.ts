import { readFile } from "node:fs/promises";
import { KeepsakeError } from "@keepsake/core/base";
import { checkNewPassword, type Secret } from "@keepsake/core/vault";
import type { Context } from "../context.ts";
import { wordsInKit } from "../kit/read.ts";
import { usageError } from "../input.ts";
import { typedLine } from "../ui/typed-line.ts";
import { askTotp } from "../ui/messages/server/safety.ts";
import * as words from "../ui/messages/keys.ts";

type Given = Pick<Context, "input" | "env">;

/** The words or the password that the command line or the environment gives; undefined if neither does. */
export async function givenSecret(context: Given): Promise<Secret | undefined> {
  return (await givenWords(context)) ?? (await givenPassword(context));
}

/** Recovery words from a file (a kit will do) or from the environment. */
async function givenWords({ input, env }: Given): Promise<Secret | undefined> {
  const path = input.text("wordsFile") ?? setting(env, "KEEPSAKE_WORDS_FILE");
  const typed = path === undefined ? setting(env, "KEEPSAKE_WORDS") : await secretIn(path);
  return typed === undefined ? undefined : { kind: "words", words: wordsInKit(typed) };
}

/** Recovery words that are given, or else typed. Throws `cli.no-secret`. */
export async function typedWords(context: Context): Promise<string> {
  const given = await givenWords(context);
  if (given?.kind === "words") return given.words;
  const { prompt, output } = context;
  if (prompt === undefined) throw new KeepsakeError("cli.no-secret");
  return prompt.ask(output.text(words.typeWords), { isHidden: true });
}

async function givenPassword({ input, env }: Given): Promise<Secret | undefined> {
  const path = input.text("passwordFile") ?? setting(env, "KEEPSAKE_PASSWORD_FILE");
  const typed = path === undefined ? setting(env, "KEEPSAKE_PASSWORD") : firstLine(await secretIn(path));
  return typed === undefined ? undefined : { kind: "password", password: typed };
}

/** A secret that is given, or else typed. Throws `cli.no-secret` where nobody can be asked. */
export async function askSecret(context: Context): Promise<Secret> {
  const given = await givenSecret(context);
  if (given !== undefined) return given;
  const { prompt, output } = context;
  if (prompt === undefined) throw new KeepsakeError("cli.no-secret");
  const typed = await prompt.ask(output.text(words.typeSecret), { isHidden: true });
  return looksLikeWords(typed) ? { kind: "words", words: typed } : { kind: "password", password: typed };
}

/** A new password: from the file or environment, or typed twice. Undefined where there is none and nobody to ask. */
export async function newPassword(context: Context): Promise<string | undefined> {
  const { input, env, prompt, output } = context;
  const path = input.text("newPasswordFile") ?? setting(env, "KEEPSAKE_NEW_PASSWORD_FILE");
  if (path !== undefined) return firstLine(await secretIn(path));
  const given = setting(env, "KEEPSAKE_NEW_PASSWORD");
  if (given !== undefined || prompt === undefined) return given;
  for (;;) {
    const typed = await prompt.ask(output.text(words.newPassword), { isHidden: true });
    if (typed === "") return undefined;
    if ((await prompt.ask(output.text(words.passwordAgain), { isHidden: true })) === typed) return typed;
    output.warn(words.passwordsDiffer);
  }
}

/**
 * The password that logs in to a server: from its file or the environment, or typed. It opens no vault. Throws
 * `cli.no-login-password`.
 */
export async function loginPassword(context: Context): Promise<string> {
  const { prompt, output } = context;
  const given = await givenLoginPassword(context);
  if (given !== undefined) return given;
  if (prompt === undefined) throw new KeepsakeError("cli.no-login-password");
  return prompt.ask(output.text(words.typeLoginPassword), { isHidden: true });
}

/** A new one: given, or typed twice. Throws `keys.weak-password` for one that is given. */
export async function newLoginPassword(context: Context): Promise<string> {
  const { prompt, output } = context;
  const given = await givenLoginPassword(context);
  if (given !== undefined) checkNewPassword(given);
  if (given !== undefined) return given;
  if (prompt === undefined) throw new KeepsakeError("cli.no-login-password");
  for (;;) {
    const typed = await prompt.ask(output.text(words.newLoginPassword), { isHidden: true });
    if (isWeak(typed)) output.sentence("keys.weak-password");
    else if ((await prompt.ask(output.text(words.passwordAgain), { isHidden: true })) === typed) return typed;
    else output.warn(words.passwordsDiffer);
  }
}

function isWeak(password: string): boolean {
  try {
    checkNewPassword(password);
    return false;
  } catch {
    return true;
  }
}

/** The code that was sent to the person, where one that was mistyped may be typed again. Throws `cli.no-code`. */
export async function askSentCode(
  context: Context,
  to: string,
  wasWrong: boolean,
): Promise<string | undefined> {
  const { input, output, prompt } = context;
  if (!wasWrong) return askCode(context, to);
  if (prompt === undefined || input.has("code")) return undefined;
  output.sentence("member.wrong-code");
  return prompt.ask(output.text(words.askCode, { to }));
}

/** A code that was sent to the person: typed, or from standard input with `--code -`. Throws `cli.no-code`. */
export async function askCode(context: Context, to: string): Promise<string> {
  const { input, output, prompt, signal } = context;
  output.event("sent", { to });
  if (input.text("code") === "-") return typedLine(signal);
  if (input.has("code")) throw usageError("--code", "not-taken");
  if (prompt === undefined) throw new KeepsakeError("cli.no-code");
  return prompt.ask(output.text(words.askCode, { to }));
}

/** Before a code is sent: somebody has to be there to give it back. Throws `cli.no-code`. */
export function requireAsker({ input, prompt }: Context): void {
  if (prompt === undefined && !input.has("code")) throw new KeepsakeError("cli.no-code");
}

/** The code of an authenticator app, at a login: from the command line, or typed. Throws `member.totp-needed`. */
export async function loginCode({ input, prompt, output }: Context): Promise<string> {
  const given = input.text("totp") ?? (await prompt?.ask(output.text(askTotp)));
  if (given === undefined) throw new KeepsakeError("member.totp-needed");
  return given;
}

async function givenLoginPassword({ input, env }: Given): Promise<string | undefined> {
  const path = input.text("loginPasswordFile") ?? setting(env, "KEEPSAKE_LOGIN_PASSWORD_FILE");
  return path === undefined ? setting(env, "KEEPSAKE_LOGIN_PASSWORD") : firstLine(await secretIn(path));
}

/** The password of the backup that is read, which is none of ours. Undefined where none is given and nobody can be asked. */
export async function backupPassword({ input, env, prompt, output }: Context): Promise<string | undefined> {
  const path = input.text("backupPasswordFile") ?? setting(env, "KEEPSAKE_BACKUP_PASSWORD_FILE");
  if (path !== undefined) return firstLine(await secretIn(path));
  const given = setting(env, "KEEPSAKE_BACKUP_PASSWORD");
  return given ?? (await prompt?.ask(output.text(words.typeBackupPassword), { isHidden: true }));
}

/** Many words, or Chinese ones without spaces: nobody's password looks like twenty-four words. */
function looksLikeWords(typed: string): boolean {
  return typed.trim().split(/\s+/u).length >= 12 || /^\s*\p{Script=Han}{24}\s*$/u.test(typed);
}

function setting(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? "";
}

async function secretIn(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new KeepsakeError("cli.no-file", { cause, details: { what: "secret" } });
  }
}
