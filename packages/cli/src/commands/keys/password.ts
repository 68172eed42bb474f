import { KeepsakeError } from "@keepsake/core/base";
import { checkNewPassword, setPassword } from "@keepsake/core/vault";
import type { Run } from "../../context.ts";
import { openForKeys } from "../../device/open.ts";
import { newPassword } from "../../device/secrets.ts";
import * as words from "../../ui/messages/keys.ts";

export const run: Run = async (context) => {
  const { input, output } = context;
  const { vault } = await openForKeys(context);
  if (input.flag("remove")) {
    await setPassword(vault, undefined);
    output.say(words.passwordRemoved);
    return { data: { hasPassword: false } };
  }
  const password = await newPassword(context);
  if (password === undefined) throw new KeepsakeError("cli.no-secret");
  checkNewPassword(password);
  await setPassword(vault, password);
  output.say(words.passwordSet);
  return { data: { hasPassword: true } };
};
