import { bytesToText, textToBytes, type Bytes, type Primitives } from "../../base/index.ts";
import {
  addObject,
  logFromJson,
  logToJson,
  readObject,
  type LogJson,
  type LogState,
  type ObjectSpec,
  type PackReader,
  type PackWriter,
  type Ref,
} from "../../vault/index.ts";
import type { RowKeys, Segment } from "../rows/segment.ts";

/** A table of a collection's attachments: FORMAT.md, "Attachments". */
interface AttachmentTable {
  readonly epoch: number;
  readonly ref: Ref;
  readonly rows: number;
}

/** What a collection holds beneath the open deltas. */
export interface Manifest {
  readonly log: LogState;
  /** What is said of the chat, its accounts, its runs. */
  readonly notes: readonly Segment[];
  /** Messages in canonical order; segments do not overlap. */
  readonly messages: readonly Segment[];
  /** Messages that came after others of a later time; a second order of the same kind. */
  readonly late: readonly Segment[];
  readonly attachments: readonly AttachmentTable[];
}

/** What a list of chats shows of a collection, without opening it. */
export interface Summary {
  readonly messages: number;
  readonly attachments: number;
  readonly attachmentBytes: number;
  /** Of the first and the last message with a time, milliseconds; null if there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

export const emptySummary: Summary = {
  messages: 0,
  attachments: 0,
  attachmentBytes: 0,
  first: null,
  last: null,
};

export function addSummaries(a: Summary, b: Summary): Summary {
  return {
    messages: a.messages + b.messages,
    attachments: a.attachments + b.attachments,
    attachmentBytes: a.attachmentBytes + b.attachmentBytes,
    first: least(a.first, b.first),
    last: greatest(a.last, b.last),
  };
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function greatest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/** A collection in the tree: where its manifest lies, its log's root, its summary. */
export interface TreeEntry {
  readonly id: string;
  readonly epoch: number;
  readonly manifest: Ref;
  readonly logCount: number;
  readonly logRoot: string;
  readonly summary: Summary;
}

interface ManifestJson extends Omit<Manifest, "log"> {
  readonly log: LogJson;
}

export async function writeManifest(
  primitives: Primitives,
  writer: PackWriter,
  keys: RowKeys,
  manifest: Manifest,
): Promise<Ref> {
  const json: ManifestJson = { ...manifest, log: logToJson(manifest.log) };
  const bytes = textToBytes(JSON.stringify(json));
  return await addObject(primitives, writer, manifestSpec(keys), { bytes });
}

export async function readManifest(
  primitives: Primitives,
  reader: PackReader,
  keys: RowKeys,
  ref: Ref,
): Promise<Manifest> {
  const json = parse<ManifestJson>(await readObject(primitives, reader, manifestSpec(keys), ref));
  return { ...json, log: logFromJson(json.log) };
}

/** The list of all collections that have a manifest. */
export async function writeTree(
  primitives: Primitives,
  writer: PackWriter,
  spec: ObjectSpec,
  entries: readonly TreeEntry[],
): Promise<Ref> {
  const bytes = textToBytes(JSON.stringify(entries));
  return await addObject(primitives, writer, spec, { bytes });
}

export async function readTree(
  primitives: Primitives,
  reader: PackReader,
  spec: ObjectSpec,
  ref: Ref,
): Promise<TreeEntry[]> {
  return parse<TreeEntry[]>(await readObject(primitives, reader, spec, ref));
}

function manifestSpec({ vaultId, collection, key, epoch }: RowKeys): ObjectSpec {
  return { type: "manifest", vaultId, key, epoch, collection };
}

function parse<T>(bytes: Bytes): T {
  return JSON.parse(bytesToText(bytes)) as T;
}
