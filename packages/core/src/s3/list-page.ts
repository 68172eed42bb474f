import { KeepsakeError, type Bytes } from "../base/index.ts";
import { readXml, textIn, type XmlElement } from "./xml.ts";

/** A part of a listing. */
export interface ListPage {
  readonly objects: readonly {
    readonly name: string;
    readonly sizeBytes: number;
    /** By the service's clock; undefined where it does not say. */
    readonly modifiedMs: number | undefined;
  }[];
  /** What the delimiter folded names into. */
  readonly folders: readonly string[];
  /** What asks for the next page; undefined at the end. */
  readonly next: string | undefined;
}

/** Reads an answer to ListObjectsV2; names are those that follow the prefix. Throws `store.bad-answer`. */
export function listPage(body: Bytes, prefix: string): ListPage {
  const root = readXml(body);
  if (root?.name !== "ListBucketResult") throw bad("listing");
  const isEncoded = textIn(root, "EncodingType") === "url";
  const nameIn = (element: XmlElement, field: string): string => {
    const text = textIn(element, field) ?? "";
    const key = isEncoded ? decoded(text) : text;
    if (!key.startsWith(prefix)) throw bad("key");
    return key.slice(prefix.length);
  };
  const named = (name: string): XmlElement[] => root.children.filter((child) => child.name === name);
  const next = textIn(root, "IsTruncated") === "true" ? textIn(root, "NextContinuationToken") : undefined;
  if (textIn(root, "IsTruncated") === "true" && (next ?? "") === "") throw bad("continuation");
  return {
    objects: named("Contents").map((each) => ({
      name: nameIn(each, "Key"),
      sizeBytes: sizeOf(each),
      modifiedMs: timeOf(each),
    })),
    folders: named("CommonPrefixes").map((each) => nameIn(each, "Prefix")),
    next,
  };
}

function sizeOf(element: XmlElement): number {
  const size = textIn(element, "Size") ?? "";
  if (!/^\d{1,15}$/.test(size)) throw bad("size");
  return Number(size);
}

function timeOf(element: XmlElement): number | undefined {
  const time = Date.parse(textIn(element, "LastModified") ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw bad("key");
  }
}

function bad(what: string): KeepsakeError {
  return new KeepsakeError("store.bad-answer", { details: { what } });
}
