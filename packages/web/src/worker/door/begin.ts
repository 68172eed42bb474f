import { describeServer, type Membership } from "@keepsake/core/client";
import { lockSecrets, secretsOf, writeDevice, type KeptDevice, type Secrets } from "../device/device.ts";
import { newLock, withPasskey, withPassword, type PasskeySecret } from "../device/lock.ts";
import type { Session } from "../session.ts";

/** How a login is kept. */
interface Beginning {
  /** What the person is called here. */
  readonly name: string;
  /** What unlocks this browser. */
  readonly by: { readonly password: string } | { readonly passkey: PasskeySecret };
  readonly secrets?: Partial<Secrets>;
  readonly more?: Partial<KeptDevice>;
}

/** Keeps a login that the server has just given, under a lock of its own. */
export async function begin(
  session: Session,
  membership: Membership,
  { name, by, secrets: other, more }: Beginning,
): Promise<void> {
  const primitives = await session.primitives();
  const { receiptKey, isDirect } = await describeServer(await session.connection());
  const { lock: bare, inner } = await newLock(primitives);
  const lock =
    "passkey" in by
      ? await withPasskey(primitives, bare, { inner, ...by })
      : await withPassword(primitives, bare, { inner, ...by });
  const secrets = { ...secretsOf(membership), ...other };
  const { member, session: id, fullFromMs } = membership;
  const kept = { name, member, session: id, fullFromMs, receiptKey, isDirect, ...more };
  const device = { ...kept, lock: await lockSecrets(lock, inner, secrets) };
  await writeDevice(device);
  session.enter({ device, secrets, inner, ...("passkey" in by && by) });
}
