import { bytesToHex, KeepsakeError, type Bytes, type Primitives } from "../../src/base/index.ts";
import { createVault } from "../../src/vault/create.ts";
import { contentRoot } from "../../src/vault/log/log.ts";
import { openVault } from "../../src/vault/open.ts";
import { publish } from "../../src/vault/publish.ts";
import type { Store } from "../../src/vault/store/index.ts";
import type { Anchor, DeviceKey, Snapshot, Vault } from "../../src/vault/vault.ts";
import { packWriter } from "../../src/vault/pack-writer.ts";
import { EvilStore } from "./evil-store.ts";

const clock = { now: () => 1_790_000_000_000 };
const counts = { chats: 0, messages: 0, attachments: 0 };

/** A vault, all that opens it, and the store that it lies in. Its root is `{ n: 0 }`. */
export interface AttackedVault<S extends Store = EvilStore> {
  readonly primitives: Primitives;
  readonly store: S;
  readonly vault: Vault;
  readonly snapshot: Snapshot;
  readonly words: readonly string[];
  readonly deviceKey: DeviceKey;
}

export async function attackedVault(primitives: Primitives, password?: string): Promise<AttackedVault> {
  return vaultIn(primitives, new EvilStore(), password);
}

export async function vaultIn<S extends Store>(
  primitives: Primitives,
  store: S,
  password?: string,
): Promise<AttackedVault<S>> {
  const emptyContentRoot = bytesToHex(contentRoot(primitives, new Map()));
  const made = await createVault({
    primitives,
    store,
    clock,
    language: "en",
    deviceName: "test",
    password,
    emptyRoot: { n: 0 },
    emptyContentRoot,
  });
  return { primitives, store, ...made };
}

type Opened = Promise<{ vault: Vault; snapshot: Snapshot }>;
type Openable = Pick<AttackedVault<Store>, "primitives" | "store" | "words" | "deviceKey">;

export function openByWords({ primitives, store, words }: Openable, anchor?: Anchor): Opened {
  return openVault({ primitives, store, clock, secret: { kind: "words", words: words.join(" ") }, anchor });
}

export function openByDevice({ primitives, store, deviceKey }: Openable, anchor?: Anchor): Opened {
  return openVault({ primitives, store, clock, secret: { kind: "device", ...deviceKey }, anchor });
}

export function openByPassword({ primitives, store }: Openable, password: string): Opened {
  return openVault({ primitives, store, clock, secret: { kind: "password", password } });
}

/** Publishes another root after a snapshot. */
export function publishRoot(vault: Vault, after: Snapshot, root: unknown): Promise<Snapshot | "raced"> {
  const { head, directory } = after;
  const common = { parents: [head], directory, contentRoot: head.contentRoot, verb: "test", counts };
  return publish(vault, packWriter(vault), { ...common, root });
}

export async function mustPublish(vault: Vault, after: Snapshot, root: unknown): Promise<Snapshot> {
  const published = await publishRoot(vault, after, root);
  if (published === "raced") throw new KeepsakeError("vault.raced");
  return published;
}

/** What came of an attempt to open: the root that was shown, or the code of the refusal. Other errors pass. */
export async function outcomeOf(opening: Opened): Promise<unknown> {
  try {
    return (await opening).snapshot.root;
  } catch (error) {
    if (KeepsakeError.is(error)) return error.code;
    throw error;
  }
}

/** One call of the platform's AEAD. */
export interface Sealing {
  readonly key: Bytes;
  readonly nonce: Bytes;
  readonly aad: Bytes;
}

/** The primitives, with every sealing written down. */
export function recordingPrimitives(primitives: Primitives): { primitives: Primitives; sealings: Sealing[] } {
  const sealings: Sealing[] = [];
  const sealGcm: Primitives["sealGcm"] = (key, nonce, plain, target) => {
    sealings.push({ key, nonce, aad: plain.aad });
    return primitives.sealGcm(key, nonce, plain, target);
  };
  return { primitives: { ...primitives, sealGcm }, sealings };
}
