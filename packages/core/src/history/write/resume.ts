import {
  readJournals,
  writeJournal,
  type KeyEntry,
  type Ref,
  type StoredPack,
  type Vault,
} from "../../vault/index.ts";
import type { StoredAttachment } from "../rows/attachments.ts";
import type { Run } from "../rows/row.ts";
import type { RowKeys } from "../rows/segment.ts";
import { isLike, type CollectionName, type Root } from "../state/state.ts";

/** What one journal notes: all of it lies in packs that are stored. */
interface JournalValue {
  readonly writer: number;
  readonly run?: Run;
  readonly entries: readonly KeyEntry[];
  readonly lanes: readonly StoredLane[];
  readonly attachments: readonly StoredAttachment[];
}

/** A lane of a segment: what is sealed for one collection under one key is the same if its digest is. */
type StoredLane = readonly [collection: string, epoch: number, ref: Ref];

interface Pending {
  readonly packs: readonly string[];
  readonly attachment?: StoredAttachment;
  readonly lane?: StoredLane;
}

/**
 * What an earlier run stored and did not live to put into a version, and the notes of this one: work that is done
 * is not done again, by whichever process goes on with it.
 */
export class Resume {
  readonly #vault: Vault;
  readonly #names: string[] = [];
  readonly #lanes = new Map<string, Ref>();
  readonly attachments: Map<string, StoredAttachment> = new Map();
  readonly #entries: KeyEntry[] = [];
  readonly #runs: Run[] = [];
  readonly #stored = new Set<string>();
  readonly #newEntries = new Map<string, KeyEntry>();
  #pending: Pending[] = [];
  #run: Run | undefined;

  private constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Reads what unfinished runs noted, as far as its packs are there and were not given up. */
  static async open(vault: Vault, root: Root): Promise<Resume> {
    const resume = new Resume(vault);
    const journals = await readJournals(vault);
    if (journals.length === 0) return resume;
    const packs = await usablePacks(vault, root);
    for (const { name, value } of journals) resume.#adopt(name, value as JournalValue, packs);
    return resume;
  }

  #adopt(
    name: string,
    { writer, run, entries, lanes, attachments }: JournalValue,
    packs: ReadonlySet<string>,
  ): void {
    if (writer === this.#vault.device?.writer) this.#names.push(name);
    if (run !== undefined) this.#runs.push(run);
    this.#entries.push(...entries);
    for (const [collection, epoch, ref] of lanes)
      if (packs.has(ref[0])) this.#lanes.set(laneKey({ collection, epoch }, ref[3]), ref);
    for (const attachment of attachments) {
      if (attachment.parts.every(([pack]) => packs.has(pack)))
        this.attachments.set(attachment.sha256, attachment);
    }
  }

  /** The key entry that was made for the collection; undefined if none was. */
  entry(like: CollectionName): KeyEntry | undefined {
    return this.#entries.findLast((entry) => isLike(entry, like));
  }

  /** The run of the source that was cut short, if it is not among those that ended well. */
  unfinishedRun(source: string, finished: ReadonlySet<string>): Run | undefined {
    return this.#runs.find((run) => run.source === source && !finished.has(run.id));
  }

  begin(run: Run): void {
    this.#run = run;
  }

  /** Where the lane with this content lies already; undefined if it does not. */
  lane(keys: LaneOwner, digest: string): Ref | undefined {
    return this.#lanes.get(laneKey(keys, digest));
  }

  noteEntry(entry: KeyEntry): void {
    this.#newEntries.set(entry.id, entry);
  }

  noteLane({ collection, epoch }: LaneOwner, ref: Ref): void {
    this.#pending.push({ packs: [ref[0]], lane: [collection, epoch, ref] });
  }

  noteAttachment(attachment: StoredAttachment): void {
    this.#pending.push({ packs: attachment.parts.map(([pack]) => pack), attachment });
  }

  /** Takes down a pack that is stored, and what is stored whole with it. */
  noteStored(pack: StoredPack): Promise<void> {
    this.#stored.add(pack.name);
    return this.noteWhole();
  }

  /** Writes down what is stored whole now: a run that ends early calls it once more. */
  async noteWhole(): Promise<void> {
    const isWhole = ({ packs }: Pending): boolean => packs.every((name) => this.#stored.has(name));
    const whole = this.#pending.filter(isWhole);
    if (whole.length === 0) return;
    this.#pending = this.#pending.filter((each) => !isWhole(each));
    const entries = [...this.#newEntries.values()];
    this.#newEntries.clear();
    const value: JournalValue = {
      writer: this.#vault.device?.writer ?? 0,
      ...(this.#run === undefined ? {} : { run: this.#run }),
      entries,
      lanes: whole.flatMap(({ lane }) => (lane === undefined ? [] : [lane])),
      attachments: whole.flatMap(({ attachment }) => (attachment === undefined ? [] : [attachment])),
    };
    try {
      this.#names.push(`journals/${await writeJournal(this.#vault, value)}`);
    } catch (error) {
      // The next note holds it.
      this.#pending.push(...whole);
      for (const entry of entries) this.#newEntries.set(entry.id, entry);
      throw error;
    }
  }

  /** Removes the notes, once a version holds what they note. */
  async finish(): Promise<void> {
    for (const name of this.#names) await this.#vault.store.remove(name);
  }
}

/** Removes notes of unfinished runs that hold keys of these collections: what they stored is stored again if need be. */
export async function dropNotes(vault: Vault, collections: ReadonlySet<string>): Promise<void> {
  for (const { name, value } of await readJournals(vault)) {
    const { entries } = value as JournalValue;
    if (entries.some(({ id }) => collections.has(id))) await vault.store.remove(name);
  }
}

type LaneOwner = Pick<RowKeys, "collection" | "epoch">;

function laneKey({ collection, epoch }: LaneOwner, digest: string): string {
  return `${collection}.${epoch}.${digest}`;
}

async function usablePacks({ store }: Vault, root: Root): Promise<Set<string>> {
  const packs = new Set<string>();
  for await (const { name } of store.list("packs/")) packs.add(name.slice("packs/".length));
  for (const { packs: dead } of root.dead) for (const name of dead) packs.delete(name);
  return packs;
}
