import { bytesToHex } from "@keepsake/core/base";
import { openVault, type Secret } from "@keepsake/core/vault";
import type { Run } from "../../context.ts";
import { storePlace } from "../../device/open.ts";
import { noteWords, readProfiles } from "../../device/profile.ts";
import { typedWords } from "../../device/secrets.ts";
import { openStore } from "../../device/stores/stores.ts";
import { createKitFile } from "../../kit/write.ts";
import * as words from "../../ui/messages/keys.ts";

/** The words are kept nowhere: whoever wants them printed again types them, and learns whether they open the vault. */
export const run: Run = async (context) => {
  const { input, output, env, primitives, clock } = context;
  const path = input.text("kitFile");
  await using kit = path === undefined ? undefined : await createKitFile(path);
  const secret: Secret = { kind: "words", words: await typedWords(context) };
  const store = await openStore(context, await storePlace(context));
  const { vault } = await openVault({ primitives, store, clock, secret });
  output.say(words.wordsOpen);
  const now = clock.now();
  const id = bytesToHex(vault.id);
  const list = listOf(secret.words);
  await kit?.write({ words: list, vault: id, madeAt: now, language: output.language });
  if (kit !== undefined) output.say(words.kitWritten);
  const profile = (await readProfiles(env)).find((each) => each.vault === id);
  if (profile !== undefined)
    await noteWords(env, profile, { isChecked: true, isKitMade: kit !== undefined, now });
  return { data: { vault: id, wordsOpen: true, kit: kit !== undefined } };
};

/** Words as they stand on a kit; those that open a vault are known to be good. */
function listOf(typed: string): readonly string[] {
  const parts =
    typed
      .normalize("NFKC")
      .toLowerCase()
      .match(/\p{Letter}+/gu) ?? [];
  return parts.flatMap((part) => (/^\p{Script=Han}+$/u.test(part) ? [...part] : [part]));
}
