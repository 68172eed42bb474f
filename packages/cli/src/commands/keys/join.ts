import { bytesToHex } from "@keepsake/core/base";
import { addDevice, newestSnapshot } from "@keepsake/core/vault";
import type { Run } from "../../context.ts";
import { noteSeen, openForKeys } from "../../device/open.ts";
import { keepKey } from "../../device/profile.ts";
import * as words from "../../ui/messages/keys.ts";
import { writeDeviceName } from "../device-name.ts";

export const run: Run = async (context) => {
  const { output, env } = context;
  const { vault, profile, place } = await openForKeys(context);
  if (profile !== undefined && vault.device !== undefined) {
    output.say(words.alreadyJoined);
    return { data: { writer: vault.device.writer, isNew: false } };
  }
  const added = await addDevice(vault);
  const { writer } = added.vault.device!;
  // The key first: a device that was added and forgot its key could never be used.
  const fresh = await keepKey(env, bytesToHex(vault.id), added.deviceKey);
  const kept = await noteSeen(context, fresh, { place, snapshot: await newestSnapshot(added.vault) });
  const snapshot = await writeDeviceName(context, added.vault, writer);
  await noteSeen(context, kept, { place, snapshot });
  output.say(words.joined, { writer });
  return { data: { writer, isNew: true, snapshot: snapshot.head.number } };
};
