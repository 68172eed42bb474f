import type { Bytes } from "../../src/base/index.ts";
import { memorySource, type Source } from "../../src/formats/index.ts";
import { unpacked } from "../packed.ts";
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
