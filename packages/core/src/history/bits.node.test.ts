import { expect, test } from "vitest";
import { historyEvents } from "../../testing/history/index.ts";
import { testPrimitives } from "../../testing/primitives.ts";
import { KeepsakeError, type Bytes } from "../base/index.ts";
import {
  createVault,
  memoryStore,
  newestSnapshot,
  PackReader,
  readObject,
  readPackDirectory,
} from "../vault/index.ts";
import { backup } from "./backup.ts";
import { keptInventory, type InventoryItem } from "./state/inventory.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state/state.ts";

const TIMEOUT_MS = 3_600_000;
/** Every bit in a soak; every ninth otherwise, so that all bits of a byte come up. */
const STEP = process.env["KEEPSAKE_SOAK"] === "1" ? 1 : 9;
const primitives = await testPrimitives();
const clock = { now: () => 1_790_000_000_000 };

test(
  "no bit of any pack can be flipped in silence: what is read is what was written, or is refused",
  async () => {
    const store = memoryStore();
    const options = { primitives, store, clock, language: "en", deviceName: "test" } as const;
    const { vault } = await createVault({
      ...options,
      emptyRoot,
      emptyContentRoot: emptyContentRoot(primitives),
    });
    for (const messages of [0, 6]) {
      const events = [
        ...historyEvents({ seed: 41, messages: 300, chats: 1, attachmentBytes: 900, day2: { messages } }),
      ];
      await backup(vault, {
        name: "phone",
        async *read() {
          yield* events;
        },
      });
    }
    const history = await loadHistory(vault, await newestSnapshot(vault));
    const byPack = new Map<string, InventoryItem[]>();
    for await (const item of keptInventory(history, fail)) {
      byPack.set(item.ref[0], [...(byPack.get(item.ref[0]) ?? []), item]);
    }
    let flipped = 0;
    for (const [pack, items] of byPack) {
      const file = store.objects.get(`packs/${pack}`)!;
      const { pack: key, epoch } = vault.keyring.newest;
      const packKey = { primitives, vaultId: vault.id, key, epoch };
      const directory = JSON.stringify(await readPackDirectory(packKey, pack, file));
      for (let bit = 0; bit < file.length * 8; bit += STEP, flipped++) {
        const altered = file.slice();
        altered[bit >> 3]! ^= 1 << (bit & 7);
        const touched = items.find(
          ({ ref: [, offset, length] }) => offset <= bit >> 3 && bit >> 3 < offset + length,
        );
        if (touched !== undefined) expect(await readFrom(altered, touched)).toBe("refused");
        const again = await readPackDirectory(packKey, pack, altered).then(JSON.stringify, refused);
        expect([directory, "refused"]).toContain(again);
      }
    }
    expect(flipped).toBeGreaterThan(20_000);

    function readFrom(altered: Bytes, { spec, ref }: InventoryItem): Promise<string> {
      const objects = memoryStore(new Map([[`packs/${ref[0]}`, altered]]));
      return readObject(primitives, new PackReader(objects), spec, ref).then(() => "opened", refused);
    }
  },
  TIMEOUT_MS,
);

function refused(error: unknown): string {
  if (KeepsakeError.is(error, "vault.corrupt") || KeepsakeError.is(error, "vault.newer-format"))
    return "refused";
  throw error;
}

function fail(error: unknown): never {
  throw error;
}
