import { concatBytes, type Bytes } from "../../src/base/index.ts";
import { memorySource, type Source } from "../../src/formats/index.ts";
import packed from "./phones.json" with { type: "json" };

export type PhoneKind = keyof typeof packed;

/** The backups that `make.ts` made. */
export const phoneKinds = Object.keys(packed) as readonly PhoneKind[];

/** The password of the protected one. */
export const phonePassword = "备份密码";

/** The files of one of them. */
export async function phoneSource(kind: PhoneKind): Promise<Source> {
  const files: Record<string, Bytes> = {};
  for (const [path, text] of Object.entries(packed[kind])) files[path] = await unpacked(text);
  return memorySource(files);
}

async function unpacked(text: string): Promise<Bytes> {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const chunks: Bytes[] = [];
  for await (const chunk of stream as AsyncIterable<Bytes>) chunks.push(chunk);
  return concatBytes(...chunks);
}
