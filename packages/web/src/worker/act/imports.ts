import {
  KeepsakeError,
  systemClock,
  throwIfAborted,
  type Finding,
  type Primitives,
  type Progress,
  type Report,
} from "@keepsake/core/base";
import { browserCiphers, browserSqlite, filesSource } from "@keepsake/core/browser";
import { detectFormat, formats, type Format, type ReadTools, type Source } from "@keepsake/core/formats";
import { zipSource } from "@keepsake/core/zip";
import { backup, type BackupResult, type BackupSource, type FolderOutcome } from "@keepsake/core/history";
import type { Account } from "@keepsake/core/model";
import type { Both } from "../../state/language.ts";
import type { Session } from "../session.ts";
import { findingSays } from "../says.ts";
import { estimate, type Estimate } from "./estimate.ts";
import { foldWhereDue } from "./fold.ts";

/** A file with its place in what was chosen. */
export interface ChosenFile {
  readonly path: string;
  readonly file: File;
}

/** What was found in what somebody chose. */
export interface SourceFound {
  readonly format: string;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
}

/** What a reader asks the person, in the page. */
export interface Questions {
  password(): Promise<string | undefined>;
  /** Which of these people's histories it is; undefined for none. */
  chooseOwn(names: readonly string[]): Promise<number | undefined>;
}

/** What came of an import, chat by chat and as a whole. */
export interface Imported {
  readonly isUnchanged: boolean;
  readonly chats: number;
  readonly messages: number;
  readonly added: number;
  readonly newFiles: number;
  readonly newFileBytes: number;
  readonly storedBytes: number;
  /** Where it is a folder that is kept as it is. */
  readonly folder?: FolderOutcome;
  /** Chats that the source had at its last run and does not show any more, and how many messages that is. */
  readonly shrink?: { readonly chats: number; readonly messages: number };
  readonly findings: readonly ToldFinding[];
  /** Objects that were read back from the server and compared. */
  readonly readBack: number;
}

/** Something to know of an import, in both languages; with its code alone where its words cannot be loaded now. */
export interface ToldFinding extends Pick<Finding, "code" | "severity"> {
  readonly count: number;
  readonly says: Both<string> | undefined;
}

interface Chosen {
  readonly source: Source;
  readonly format: Format;
  readonly found: SourceFound;
}

interface Running {
  readonly chosen: Chosen;
  readonly questions: Questions;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** How long nothing may have changed in a folder that is kept as it is. */
const QUIET_MS = 30_000;

/** Brings histories in: files that somebody chose or dropped become messages of the vault. */
export class Imports {
  readonly #session: Session;
  #chosen: Chosen | undefined;
  #stop: AbortController | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The formats that keep any files as they are, and open none. */
  keepers(): readonly string[] {
    return formats.filter((format) => format.settle !== undefined).map(({ id }) => id);
  }

  /**
   * Finds out what was chosen, unless somebody says what it is; nothing is read of it but names and beginnings. Throws
   * `format.unknown`.
   */
  async look(files: readonly ChosenFile[], as?: string): Promise<SourceFound> {
    const source = await sourceOf(files);
    const id = as ?? (await detectFormat(source, formats)).format;
    const format = formats.find((each) => each.id === id)!;
    let [count, bytes] = [0, 0];
    for await (const file of source.files()) [count, bytes] = [count + 1, bytes + file.sizeBytes];
    const found = { format: id, name: nameOf(files), files: count, bytes };
    this.#chosen = { source, format, found };
    return found;
  }

  /** What of a server's room and plans the files would take that were looked at last; nothing is kept or sent. */
  async weigh(questions: Questions, report: Report): Promise<Estimate> {
    if (this.#chosen === undefined) throw new KeepsakeError("web.no-file");
    const stop = new AbortController();
    this.#stop = stop;
    const { signal } = stop;
    try {
      const running = { chosen: this.#chosen, questions, report, signal };
      const source = await readable(running, await this.#session.primitives());
      const { isSample, history } = this.#session.open;
      const primitives = await this.#session.primitives();
      const { choices } = history.root;
      const connection = isSample ? undefined : await this.#session.connection();
      return await estimate(source, { primitives, clock: systemClock, choices, signal, report, connection });
    } finally {
      this.#stop = undefined;
    }
  }

  /** Backs up what was looked at last. What a tab that was closed has stored is not sent again. */
  async run(
    given: { readonly name: string; readonly acceptShrink?: boolean },
    questions: Questions,
    report: Report,
  ): Promise<Imported> {
    if (this.#chosen === undefined) throw new KeepsakeError("web.no-file");
    const stop = new AbortController();
    this.#stop = stop;
    const running = { chosen: this.#chosen, questions, report, signal: stop.signal };
    try {
      return await this.#session.reach.patiently(
        () => this.#run(given, running),
        (sent, onTheirWay) =>
          report({
            type: "progress",
            stage: "store",
            done: { bytes: sent },
            total: { bytes: sent + onTheirWay },
          }),
      );
    } finally {
      this.#stop = undefined;
    }
  }

  async #run(
    given: { readonly name: string; readonly acceptShrink?: boolean },
    { chosen, questions, report, signal }: Running,
  ): Promise<Imported> {
    const primitives = await this.#session.primitives();
    const source = await readable({ chosen, questions, report, signal }, primitives);
    // A device may have come in since, whose versions this one has to follow.
    await this.#session.refresh();
    const { vault, isSample } = this.#session.open;
    const result = await backup(
      vault,
      { name: given.name, read: source.read },
      { signal, report, acceptShrink: given.acceptShrink },
    );
    const { history } = await this.#session.show(vault, result.snapshot, isSample);
    const folded = await foldWhereDue(history);
    if (folded !== undefined) await this.#session.show(vault, folded, isSample);
    return { ...importedOf(result), findings: await told(result.findings) };
  }

  /** Stops the import that is under way; what it stored is used by the next one. */
  stop(): void {
    this.#stop?.abort();
  }
}

/** A source once it is at rest, and how it is read, from its beginning each time. */
async function readable(
  { chosen: { format, source, found }, questions, report, signal }: Running,
  primitives: Primitives,
): Promise<Pick<BackupSource, "read">> {
  const tools = { ...toolsOf(questions), primitives };
  const settled =
    (await format.settle?.(source, { clock: systemClock, quietMs: QUIET_MS, signal, report })) ?? source;
  const from = counted(settled, { total: { bytes: found.bytes }, report, signal });
  return {
    read: (memory) => {
      const how = { signal, memory, tools };
      return format.readMany?.(from, how) ?? format.read(from, how);
    },
  };
}

/** One zip file is read as what is in it. */
async function sourceOf(files: readonly ChosenFile[]): Promise<Source> {
  const source = filesSource(files);
  const [only, ...others] = files;
  if (only === undefined) throw new KeepsakeError("format.unknown");
  if (others.length > 0 || !/\.zip$/i.test(only.path)) return source;
  return zipSource((await source.file(only.path))!);
}

function nameOf([first]: readonly ChosenFile[]): string {
  const [top = ""] = first!.path.split("/");
  return top.replace(/\.(?:json|jsonl|txt|zip)$/i, "") || top;
}

/** Each question is put once, however often the source is read. */
function toolsOf(questions: Questions): Omit<ReadTools, "primitives"> {
  let password: Promise<string | undefined> | undefined;
  let own: Promise<number | undefined> | undefined;
  return {
    sqlite: browserSqlite,
    ciphers: browserCiphers,
    password: () => (password ??= questions.password()),
    chooseOwn: (accounts) => (own ??= questions.chooseOwn(accounts.map(accountText))),
  };
}

function accountText({ names, value }: Account): string {
  const name = names?.[0]?.value;
  return name === undefined ? value : `${name} (${value})`;
}

interface Counting {
  readonly total: Progress;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Tells of so many bytes at a time: each step is a message to the page. */
const TOLD_BYTES = 1024 * 1024;

function counted(source: Source, { total, report, signal }: Counting): Source {
  let [read, told] = [0, 0];
  const add = (bytes: number): void => {
    throwIfAborted(signal);
    read = Math.min(read + bytes, total.bytes ?? Infinity);
    if (read - told < TOLD_BYTES && read !== total.bytes) return;
    told = read;
    report({ type: "progress", stage: "read", done: { bytes: read }, total });
  };
  type Found = NonNullable<Awaited<ReturnType<Source["file"]>>>;
  const countedFile = (file: Found): Found => ({
    ...file,
    async *open(range) {
      for await (const piece of file.open(range)) {
        add(piece.length);
        yield piece;
      }
    },
  });
  return {
    ...source,
    async *files(found) {
      for await (const file of source.files(found)) yield countedFile(file);
    },
    async file(path) {
      const file = await source.file(path);
      return file && countedFile(file);
    },
    folders: () => source.folders(),
  };
}

function importedOf({
  isUnchanged,
  chats,
  newFiles,
  packs,
  shrink,
  folder,
  proof,
}: BackupResult): Omit<Imported, "findings"> {
  const sum = (of: "incoming" | "added"): number => chats.reduce((total, chat) => total + chat[of], 0);
  const missing = shrink && [
    ...shrink.missingChats.map(({ messages }) => messages),
    ...shrink.shrunkChats.map((chat) => chat.missing),
  ];
  return {
    isUnchanged,
    chats: chats.length,
    messages: sum("incoming"),
    added: sum("added"),
    newFiles: newFiles.count,
    newFileBytes: newFiles.bytes,
    storedBytes: packs.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
    ...(folder && { folder }),
    ...(missing && { shrink: { chats: missing.length, messages: missing.reduce((a, b) => a + b, 0) } }),
    readBack: proof.readBack.objects,
  };
}

/** Findings of one code and severity as one. */
function told(findings: readonly Finding[]): Promise<ToldFinding[]> {
  const groups = Map.groupBy(findings, ({ code, severity }) => `${severity} ${code}`);
  const sums = [...groups.values()].map(async (some): Promise<ToldFinding> => {
    const { code, severity } = some[0]!;
    const says = await findingSays(code).catch(() => undefined);
    return { code, severity, says, count: some.reduce((total, { count = 1 }) => total + count, 0) };
  });
  return Promise.all(sums);
}
