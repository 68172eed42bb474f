import { hostname } from "node:os";
import { bytesToHex, KeepsakeError } from "@keepsake/core/base";
import { emptyContentRoot, emptyRoot } from "@keepsake/core/history";
import { checkNewPassword, createVault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { noteSeen } from "../../device/open.ts";
import { keepKey, noteWords, rememberStore } from "../../device/profile.ts";
import { newPassword } from "../../device/secrets.ts";
import { newPlace, openStore, placeOf } from "../../device/stores/stores.ts";
import { usageError } from "../../input.ts";
import { handOver, languageOfWords, prepareKit } from "../../kit/hand-over.ts";
import * as words from "../../ui/messages/vault.ts";

export const run: Run = async (context) => {
  const { input, output, env, primitives, clock } = context;
  const named = input.args[0] ?? input.text("store") ?? env["KEEPSAKE_STORE"];
  if (named === undefined) throw usageError("store", "missing-argument");
  const language = languageOfWords(context);
  await using kit = await prepareKit(context);
  const password = await passwordFor(context);
  const address = await newPlace(context, await placeOf(named));
  const store = await openStore(context, address, "new");
  const made = await createVault({
    primitives,
    store,
    clock,
    language,
    password,
    deviceName: input.text("deviceName") ?? hostname(),
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  // A link may stand for a folder only once that is there.
  const place = await placeOf(address);
  const id = bytesToHex(made.vault.id);
  const profile = await keepKey(env, id, made.deviceKey);
  await noteSeen(context, profile, { place, snapshot: made.snapshot });
  await rememberStore(env, place);
  const isChecked = await handOver(context, made.vault, made.words, kit);
  await noteWords(env, profile, { isChecked, isKitMade: kit !== undefined, now: clock.now() });
  output.say(words.made, { id: id.slice(0, 8) });
  if (!isChecked) output.say(words.checkWords);
  output.say(words.backupNext);
  return { data: { vault: id, place, hasPassword: password !== undefined, wordsChecked: isChecked } };
};

async function passwordFor(context: Context): Promise<string | undefined> {
  const { input } = context;
  if (!input.flag("withPassword") && input.text("newPasswordFile") === undefined) return undefined;
  const password = await newPassword(context);
  if (password === undefined) throw new KeepsakeError("cli.no-secret");
  checkNewPassword(password);
  return password;
}
