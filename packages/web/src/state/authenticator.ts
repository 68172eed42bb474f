import type { PasskeyAnswer } from "@keepsake/core/client";
import { near } from "../threads/calls.ts";
import type { PageAuthenticator } from "../worker/device/passkey.ts";

/** Whether this browser has passkeys in the form that we use. */
export const hasPasskeys: boolean =
  "PublicKeyCredential" in globalThis && "parseRequestOptionsFromJSON" in PublicKeyCredential;

/** Passkeys as the worker asks for them: only a page may. */
export const authenticator: PageAuthenticator = near({
  create: (options: object) =>
    answerOf(() => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
        options as PublicKeyCredentialCreationOptionsJSON,
      );
      return navigator.credentials.create({ publicKey });
    }),
  get: (options: object) =>
    answerOf(() => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
        options as PublicKeyCredentialRequestOptionsJSON,
      );
      return navigator.credentials.get({ publicKey });
    }),
});

/** Undefined where the person gave none: it was cancelled, it took too long, or there is none. */
async function answerOf(ask: () => Promise<Credential | null>): Promise<PasskeyAnswer | undefined> {
  try {
    const credential = (await ask()) as PublicKeyCredential | null;
    return credential?.toJSON() as PasskeyAnswer | undefined;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
