import { bytesToHex, textToBytes, type Finding, type Report } from "../../base/index.ts";
import type { Attachment, ReadMemory, ReadSteps } from "../../model/index.ts";
import { newestSnapshot, type StoredPack, type Vault } from "../../vault/index.ts";
import { AttachmentStore, type StampCache } from "../intake/attachments.ts";
import { Chooser } from "../intake/chooser.ts";
import { ChatStream } from "../intake/events.ts";
import { fileFiller } from "../intake/files.ts";
import { Memory, type MemoStore } from "../intake/memory.ts";
import { FilesInPlace, type FileSealer, type FileSealerStart } from "../intake/seal-files.ts";
import type { Readings } from "../readings.ts";
import type { RowSealer } from "../rows/seal-rows.ts";
import { choicesText } from "../state/choices.ts";
import { isForgotten, windowText } from "../state/rules.ts";
import { readSources, type Sources } from "../state/sources.ts";
import { loadHistory, type History } from "../state/state.ts";
import { newBatch, type Batch } from "./batch.ts";
import { Resume } from "./resume.ts";

export interface BackupSource {
  /** The name that the person confirmed, such as "my iPhone". */
  readonly name: string;
  /** Opens the source from its beginning; called again where another device was quicker. */
  read(memory?: ReadMemory): ReadSteps;
  /** SHA-256 over the files with their sizes and times, hex: the same as at the last run means nothing changed. */
  readonly fingerprint?: string | undefined;
}

export interface BackupOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: Report | undefined;
  readonly stamps?: StampCache | undefined;
  /** What the reader kept of this source at its last run on this device, so that it passes over what is as it was. */
  readonly memos?: MemoStore | undefined;
  /** What this device remembers of what was read back. */
  readonly readings?: Readings | undefined;
  /** Where segments are sealed; in place if absent. */
  readonly seal?: RowSealer | undefined;
  /** Starts what seals files; they are sealed in place if absent. */
  readonly sealFiles?: ((start: FileSealerStart) => FileSealer) | undefined;
  /** Whether a shrunk source is taken at its word: what it does not show any more is marked as deleted there. */
  readonly acceptShrink?: boolean | undefined;
  /** Read everything, whatever fingerprint, stamps and memo say of it. */
  readonly reread?: boolean | undefined;
}

/** What one attempt works with. */
export interface Work {
  readonly history: History;
  readonly resume: Resume;
  readonly batch: Batch;
  readonly files: AttachmentStore;
  readonly stream: ChatStream;
  readonly memory: Memory | undefined;
  readonly chooser: Chooser;
  readonly sources: Sources;
  /** Of the source and of what is left out of it. */
  readonly fingerprint: string | undefined;
  readonly packs: StoredPack[];
  readonly findings: Finding[];
  readonly onFinding: (finding: Finding) => void;
  readonly loose: Attachment[];
}

/** Opens the vault for one attempt, and the source. */
export async function openWork(vault: Vault, source: BackupSource, options: BackupOptions): Promise<Work> {
  const history = await loadHistory(vault, await newestSnapshot(vault));
  const resume = await Resume.open(vault, history.root);
  const packs: StoredPack[] = [];
  const onStored = (pack: StoredPack): Promise<void> => {
    packs.push(pack);
    return resume.noteStored(pack);
  };
  const batch = newBatch(history, { ...options, onStored, resume });
  const files = new AttachmentStore(history, {
    start: (known) => startSealer(vault, { known, onStored }, options),
    stamps: options.reread === true ? withoutKnowledge(options.stamps) : options.stamps,
    resume,
  });
  const findings: Finding[] = [];
  const onFinding = (finding: Finding): void => {
    findings.push(finding);
    options.report?.({ type: "finding", finding });
  };
  const loose: Attachment[] = [];
  const sources = await readSources(batch.reader);
  const { choices: chosen, rules } = history.root;
  const choices = choicesText(chosen) + windowText(rules);
  const about = { name: source.name, memos: options.memos, choices };
  const remembered = await Memory.open(history, sources, about);
  const memory = options.reread === true ? remembered?.forgetful() : remembered;
  const chooser = new Chooser(history.root.choices, memory?.countedUntil);
  const filler = fileFiller(files, {
    onFinding,
    onLoose: (attachment) => loose.push(attachment),
    isForgotten: (message) => isForgotten(history.root.rules, message),
    chooser,
  });
  const stream = new ChatStream(source.read(memory), filler, onFinding);
  const fingerprint = fingerprintWith(vault, source.fingerprint, choices);
  const opened = { history, resume, batch, files, stream, memory, chooser, sources, fingerprint };
  return { ...opened, packs, findings, onFinding, loose };
}

/** Stamps that are only taken down: every file is read. */
function withoutKnowledge(stamps: StampCache | undefined): StampCache | undefined {
  return stamps && { load: () => stamps.load(), get: () => undefined, set: (...all) => stamps.set(...all) };
}

/** Where other things are left out, a source is another too. */
function fingerprintWith(
  { primitives }: Vault,
  fingerprint: string | undefined,
  choices: string,
): string | undefined {
  if (fingerprint === undefined || choices === "") return fingerprint;
  return bytesToHex(primitives.sha256(textToBytes(`${fingerprint} ${choices}`)));
}

function startSealer(
  vault: Vault,
  started: Pick<FileSealerStart, "known" | "onStored">,
  { signal, sealFiles = (start) => new FilesInPlace(vault, start) }: BackupOptions,
): FileSealer {
  const { pack: key, epoch } = vault.keyring.newest;
  return sealFiles({ ...started, packs: { vaultId: vault.id, key, epoch }, signal });
}
