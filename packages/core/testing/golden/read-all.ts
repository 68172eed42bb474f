import { bytesToHex } from "../../src/base/index.ts";
import { chatCollections, loadHistory, RowReader, summaryOf } from "../../src/history/index.ts";
import { storedAttachments } from "../../src/history/intake/attachments.ts";
import { readAttachment } from "../../src/history/rows/attachments.ts";
import { canonicalText } from "../../src/model/index.ts";
import { newestSnapshot, PackReader, type Vault } from "../../src/vault/index.ts";

/** What a vault holds: of each chat how many rows and the digest of them all; the digest of each attachment. */
export interface Holdings {
  readonly chats: Readonly<Record<string, { readonly messages: number; readonly digest: string }>>;
  readonly attachments: readonly string[];
}

/** The messages of each chat as they were found, in canonical order, a canonical text each. */
export async function rowTexts(vault: Vault): Promise<Map<string, string[]>> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const reader = new RowReader(history);
  const texts = new Map<string, string[]>();
  for (const collection of chatCollections(history)) {
    const own: string[] = [];
    for await (const { leaf: _, ...row } of reader.messages(collection)) own.push(canonicalText(row));
    if (summaryOf(history, collection).messages !== own.length) own.push("summary differs");
    texts.set(history.entries.get(collection)!.name, own);
  }
  return texts;
}

export async function readHoldings(vault: Vault): Promise<Holdings> {
  const { primitives } = vault;
  const texts = await rowTexts(vault);
  const chats = [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => {
      return [name, { messages: own.length, digest: primitives.sha256Text(own.join("\n")) }] as const;
    });
  return { chats: Object.fromEntries(chats), attachments: await readAttachments(vault) };
}

/** Reads every attachment whole, whichever message refers to it; the digests of what came out. */
async function readAttachments(vault: Vault): Promise<string[]> {
  const { primitives, store, id } = vault;
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const digests = new Set<string>();
  for (const row of [...(await storedAttachments(history)).values()].flat()) {
    const whole = primitives.sha256Stream();
    for await (const part of readAttachment(primitives, new PackReader(store), id, row)) whole.update(part);
    digests.add(bytesToHex(whole.digest()));
  }
  return [...digests].sort();
}
