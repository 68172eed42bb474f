import { KeepsakeError, type Primitives } from "@keepsake/core/base";
import { askPasskey, type Authenticator, type PasskeyAnswer } from "@keepsake/core/client";
import type { Locked, PasskeySecret } from "./lock.ts";

/** The page's authenticator: undefined where the person gave no passkey. */
export interface PageAuthenticator {
  create(options: object): Promise<PasskeyAnswer | undefined>;
  get(options: object): Promise<PasskeyAnswer | undefined>;
}

/** What one of the passkeys that unlock this browser derives. Throws `vault.wrong-key`, `web.no-passkey`. */
export async function askOwnPasskey(
  primitives: Primitives,
  { byPasskeys }: Locked,
  page: PageAuthenticator,
): Promise<PasskeySecret> {
  const ids = byPasskeys.map(({ id }) => id);
  const { id, secret } = await askPasskey(primitives, { authenticator: asked(page), ids });
  if (secret === undefined) throw new KeepsakeError("vault.wrong-key");
  return { id, secret };
}

/** An authenticator of which every answer is there. */
export function asked(page: PageAuthenticator): Authenticator {
  const given = (answer: PasskeyAnswer | undefined): PasskeyAnswer => {
    if (answer === undefined) throw new KeepsakeError("web.no-passkey");
    return answer;
  };
  return {
    create: async (options) => given(await page.create(options)),
    get: async (options) => given(await page.get(options)),
  };
}
