import type { ReadTools } from "@keepsake/core/formats";
import type { Account } from "@keepsake/core/model";
import type { Context } from "../../context.ts";
import { backupPassword } from "../../device/secrets.ts";
import * as words from "../../ui/messages/vault.ts";

/** What a reader asks the person. Each question is put once, however often the source is read. */
export type Answers = Pick<ReadTools, "password" | "chooseOwn">;

export function answersOf(context: Context): Answers {
  let password: Promise<string | undefined> | undefined;
  let own: Promise<number | undefined> | undefined;
  return {
    password: () => (password ??= backupPassword(context)),
    chooseOwn: (accounts) => (own ??= chooseOwn(context, accounts)),
  };
}

/** Nobody's messages are read before the person has seen whose they are. */
async function chooseOwn(
  { prompt, output }: Context,
  accounts: readonly Account[],
): Promise<number | undefined> {
  const shown = accounts.map(nameOf);
  if (prompt === undefined) {
    for (const name of shown) output.say(words.accountFound, { name });
    return undefined;
  }
  if (shown.length === 1)
    return (await prompt.confirm(output.text(words.isAccountYours, { name: shown[0]! }))) ? 0 : undefined;
  const place = await prompt.choose(output.text(words.whichAccount), [
    ...shown,
    output.text(words.noneOfThese),
  ]);
  return place < shown.length ? place : undefined;
}

function nameOf({ names, value }: Account): string {
  const name = names?.[0]?.value;
  return name === undefined ? value : `${name} (${value})`;
}
