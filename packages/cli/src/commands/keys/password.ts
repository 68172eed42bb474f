import { KeepsakeError } from "@keepsake/core/base";
import { checkNewPassword, setPassword } from "@keepsake/core/vault";
import type { Run } from "../../context.ts";
import { noteSeen, openForKeys } from "../../device/open.ts";
import { newPassword } from "../../device/secrets.ts";
import * as words from "../../ui/messages/keys.ts";
import { startGeneration } from "./generation.ts";

export const run: Run = async (context) => {
  const { input, output } = context;
  const { vault, profile, place } = await openForKeys(context);
  if (profile === undefined || vault.device === undefined) throw new KeepsakeError("cli.not-this-device");
  const isRemoval = input.flag("remove");
  const password = isRemoval ? undefined : await newPassword(context);
  if (!isRemoval && password === undefined) throw new KeepsakeError("cli.no-secret");
  if (password !== undefined) checkNewPassword(password);
  const changed = await setPassword(vault, password);
  // Old lists of keys stay in the store: only a new generation makes the old password useless for what comes.
  const { snapshot } = await startGeneration(changed);
  await noteSeen(context, profile, { place, snapshot });
  output.say(isRemoval ? words.passwordRemoved : words.passwordSet);
  return { data: { hasPassword: !isRemoval, snapshot: snapshot.head.number } };
};
