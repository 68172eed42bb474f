import { hostname } from "node:os";
import { bytesToHex } from "@keepsake/core/base";
import { addDevice, newestSnapshot, packWriter, publish } from "@keepsake/core/vault";
import type { Run } from "../../context.ts";
import { noteSeen, openForKeys } from "../../device/open.ts";
import { keepKey } from "../../device/profile.ts";
import * as words from "../../ui/messages/keys.ts";
import { winRace } from "../races.ts";

export const run: Run = async (context) => {
  const { input, output, env } = context;
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
  const name = input.text("deviceName") ?? hostname();
  const { snapshot } = await winRace(added.vault, async ({ snapshot: { head, root, directory } }) => {
    const devices = [...directory.devices.filter(([number]) => number !== writer), [writer, name] as const];
    const { contentRoot, counts } = head;
    const publication = {
      parents: [head],
      root,
      directory: { ...directory, devices },
      contentRoot,
      counts,
      verb: "join",
    };
    return { snapshot: await publish(added.vault, packWriter(added.vault), publication), value: undefined };
  });
  await noteSeen(context, kept, { place, snapshot });
  output.say(words.joined, { writer });
  return { data: { writer, isNew: true, snapshot: snapshot.head.number } };
};
