import { KeepsakeError } from "@keepsake/core/base";
import { startGeneration } from "@keepsake/core/care";
import { forgetGuards, setGuardedPassword, type Connection } from "@keepsake/core/client";
import { checkNewPassword, setPassword, type Vault } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { guardsBy } from "../../device/guarded.ts";
import { isServer } from "../../device/stores/stores.ts";
import { noteSeen, openForKeys } from "../../device/open.ts";
import { newPassword } from "../../device/secrets.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import * as words from "../../ui/messages/keys.ts";

/** Sets the password: where a copy lies on a server, one that its guards limit, since a server could guess at any other. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { vault, profile, place } = await openForKeys(context);
  if (profile === undefined || vault.device === undefined) throw new KeepsakeError("cli.not-this-device");
  const isRemoval = input.flag("remove");
  const password = isRemoval ? undefined : await newPassword(context);
  if (!isRemoval && password === undefined) throw new KeepsakeError("cli.no-secret");
  if (password !== undefined) checkNewPassword(password);
  const places = [place, ...Object.keys(profile.stores)];
  const guards = await guardsOf(context, places, isRemoval);
  const { vault: changed, isForgotten } = await change(vault, guards, password);
  // Old lists of keys stay in the store: only a new generation makes the old password useless for what comes.
  const { snapshot } = await startGeneration(changed);
  await noteSeen(context, profile, { place, snapshot });
  const isGuarded = !isRemoval && guards !== undefined;
  output.say(isRemoval ? words.passwordRemoved : isGuarded ? words.guardedSet : words.passwordSet);
  if (!isForgotten) output.warn(words.guardsRemember);
  return { data: { hasPassword: !isRemoval, isGuarded, isForgotten, snapshot: snapshot.head.number } };
};

/** Undefined where no copy lies on a server, or where the password goes and none can be asked. */
async function guardsOf(
  context: Context,
  places: readonly string[],
  isRemoval: boolean,
): Promise<Connection | undefined> {
  const named = context.input.text("guards");
  if (named !== undefined) return (await connect(context, parseAddress(named).url)).connection;
  const guards = await guardsBy(context, places);
  // A password that can be guessed at would keep the copy there from ever being brought level.
  if (guards === undefined && !isRemoval && places.some((each) => isServer(each)))
    throw new KeepsakeError("member.no-session");
  return guards;
}

async function change(
  vault: Vault,
  guards: Connection | undefined,
  password: string | undefined,
): Promise<{ readonly vault: Vault; readonly isForgotten: boolean }> {
  if (guards === undefined) return { vault: await setPassword(vault, password), isForgotten: true };
  if (password !== undefined) return setGuardedPassword(vault, guards, password);
  const removed = await setPassword(vault, undefined);
  const forgetting = vault.document.slots.map((slot) => forgetGuards(guards, slot));
  const isForgotten = (await Promise.allSettled(forgetting)).every(({ status }) => status === "fulfilled");
  return { vault: removed, isForgotten };
}
