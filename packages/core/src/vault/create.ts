import { bytesToHex, KeepsakeError, type Clock, type Primitives } from "../base/index.ts";
import { emptyDirectory } from "./keys/directory.ts";
import { epochKeys, Keyring } from "./keys/keyring.ts";
import { deviceEntry, passwordSlot, seedSlot, storeDocument } from "./keys/slots.ts";
import { deviceSigningSeed } from "./keys/device-seed.ts";
import { seedToWords, type WordLanguage } from "./keys/words.ts";
import { publish } from "./publish.ts";
import { FORMAT_VERSION } from "./seal/index.ts";
import type { Store } from "./store/store.ts";
import type { DeviceKey, Snapshot, Vault } from "./vault.ts";
import { packWriter } from "./pack-writer.ts";

export interface CreateOptions {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly clock: Clock;
  readonly language: WordLanguage;
  readonly deviceName: string;
  readonly password?: string | undefined;
  /** Called with what opens it before the vault comes to be: a stop in here leaves none that nobody can open. */
  readonly showWords?: ((words: readonly string[], deviceKey: DeviceKey) => Promise<void>) | undefined;
  /** The root value of a vault that holds nothing. */
  readonly emptyRoot: unknown;
  /** The content root of a vault that holds nothing. */
  readonly emptyContentRoot: string;
}

/** Makes a vault in an empty store. The words are shown once and kept nowhere. Throws `vault.already-there`. */
export async function createVault(
  options: CreateOptions,
): Promise<{ vault: Vault; snapshot: Snapshot; words: readonly string[]; deviceKey: DeviceKey }> {
  const { primitives, store, clock } = options;
  for await (const _ of store.list("slots/")) throw new KeepsakeError("vault.already-there");
  const vaultId = primitives.random(16);
  const authoritySeed = primitives.random(32);
  const authority = await primitives.ed25519.publicKey(authoritySeed);
  const [wordSeed, deviceSeed, root] = [primitives.random(32), primitives.random(32), primitives.random(32)];
  const bound = { vaultId, authority };
  const deviceSlot = await seedSlot(primitives, { kind: "device", seed: deviceSeed, ...bound });
  const slots = [await seedSlot(primitives, { kind: "words", seed: wordSeed, ...bound }), deviceSlot];
  if (options.password !== undefined)
    slots.push(await passwordSlot(primitives, { password: options.password, ...bound }));
  const draft = {
    format: FORMAT_VERSION,
    leastFormat: FORMAT_VERSION,
    vault: bytesToHex(vaultId),
    previous: "",
    version: 0,
    authority: "",
    epoch: 0,
    slots,
    devices: [await deviceEntry(primitives, { seed: deviceSeed, vaultId, writer: 0, slot: deviceSlot })],
  };
  const device = { writer: 0, signingSeed: deviceSigningSeed(primitives, deviceSeed, vaultId) };
  const keyring = new Keyring([epochKeys(primitives, root, 0, vaultId)]);
  const unnamed = { ...draft, slots: [], version: 1, authority: bytesToHex(authority) };
  const common = {
    primitives,
    store,
    clock,
    id: vaultId,
    keyring,
    device,
    authoritySeed,
    isNewAuthority: false,
    documentHash: "",
  };
  // The first head comes first: a vault is there once its slot document is.
  const directory = { ...emptyDirectory, devices: [[0, options.deviceName] as const] };
  const snapshot = await publish(
    { ...common, document: unnamed },
    packWriter({ ...common, document: unnamed }),
    {
      parents: [],
      root: options.emptyRoot,
      directory,
      contentRoot: options.emptyContentRoot,
      verb: "init",
      counts: { chats: 0, messages: 0, attachments: 0 },
    },
  );
  if (snapshot === "raced") throw new KeepsakeError("vault.raced");
  const words = await seedToWords(wordSeed, options.language);
  const deviceKey = { seed: deviceSeed, authority: bytesToHex(authority) };
  await options.showWords?.(words, deviceKey);
  const { document, hash } = await storeDocument(primitives, store, draft, {
    roots: [{ epoch: 0, root }],
    authoritySeed,
  });
  return { vault: { ...common, document, documentHash: hash }, snapshot, words, deviceKey };
}
