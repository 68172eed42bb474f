import { bytesToText, KeepsakeError, type Bytes } from "../../base/index.ts";
import { wholeTexts } from "./strings.ts";
import { MAX_DEPTH, STREAM, type SchemaNode } from "./table.ts";
import { ByteReader } from "./varint.ts";

/**
 * The texts of a lane other than the first, a few long ones that hold all of them: for finding out quickly whether a
 * table may hold a text. Throws `vault.corrupt`.
 */
export function laneTexts(head: Bytes, lane: number, content: Bytes): string[] {
  const schema = new ByteReader(head);
  try {
    const [, root] = JSON.parse(bytesToText(schema.bytes(schema.unsigned()))) as [number, SchemaNode];
    const texts: string[] = [];
    addTexts(texts, root, { lane, reader: new ByteReader(content), depth: 0 });
    return texts;
  } catch (cause) {
    if (KeepsakeError.is(cause)) throw cause;
    throw new KeepsakeError("vault.corrupt", { cause, details: { what: "table-schema" } });
  }
}

interface Walk {
  readonly lane: number;
  readonly reader: ByteReader;
  readonly depth: number;
}

function addTexts(texts: string[], node: SchemaNode, { lane, reader, depth }: Walk): void {
  if (depth > MAX_DEPTH + 1) throw new KeepsakeError("vault.corrupt", { details: { what: "table-depth" } });
  const [, nodeLane, streams, , [, textCount], , fields, element] = node;
  if (nodeLane === lane) {
    for (const stream of beforeTexts) if ((streams & stream) !== 0) reader.bytes(reader.unsigned());
    if ((streams & STREAM.texts) !== 0) texts.push(wholeTexts(reader.bytes(reader.unsigned()), textCount));
  }
  for (const field of fields) addTexts(texts, field, { lane, reader, depth: depth + 1 });
  if (element !== undefined) addTexts(texts, element, { lane, reader, depth: depth + 1 });
}

const beforeTexts = [STREAM.tags, STREAM.keySets, STREAM.lengths, STREAM.integers];
