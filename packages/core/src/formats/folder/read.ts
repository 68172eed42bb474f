import { KeepsakeError, throwIfAborted, type Finding } from "../../base/index.ts";
import type { ReadEvent, SourceFile } from "../../model/index.ts";
import type { Format } from "../format.ts";
import type { Source } from "../source.ts";
import { isSameListing, listingOf } from "./listing.ts";

/** A reader that hands on every file as it is. Throws `format.changing` where the folder changed meanwhile. */
export function readerOf(format: string, platform: string): Format["read"] {
  return async function* (source, { signal } = {}): AsyncGenerator<ReadEvent> {
    const before = await listingOf(source);
    yield { type: "source", source: { format, platform } };
    const findings: Finding[] = [];
    for await (const file of source.files((finding) => findings.push(finding))) {
      throwIfAborted(signal);
      yield { type: "kept", file };
    }
    for await (const path of source.emptyFolders?.() ?? []) yield { type: "keptFolder", path };
    for (const finding of findings)
      if (finding.code === "format.unreadable") yield { type: "kept", file: unreadable(finding.where ?? "") };
      else yield { type: "finding", finding };
    await requireSame(source, before);
  };
}

/** What lies there and cannot even be looked at: whoever takes it finds it unreadable. */
function unreadable(path: string): SourceFile {
  const open = (): never => {
    throw new KeepsakeError("format.unreadable");
  };
  return { path, sizeBytes: 0, open };
}

/** What was read at different moments is kept only if it was the same at all of them. */
async function requireSame(source: Source, before: Parameters<typeof isSameListing>[0]): Promise<void> {
  const now = await listingOf(source.afresh?.() ?? source);
  if (!isSameListing(before, now)) throw new KeepsakeError("format.changing", { retry: "later" });
}
