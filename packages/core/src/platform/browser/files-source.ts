import { isInsidePath, type Source } from "../../formats/index.ts";
import { compareText, type ByteRange, type SourceFile } from "../../model/index.ts";

/** A file that somebody chose or dropped, and its path in what was chosen. */
export interface PickedFile {
  readonly path: string;
  readonly file: File;
}

/** Files of an input or a drop as a source. Where all lie in one folder, its name is no part of their paths. */
export function filesSource(picked: readonly PickedFile[]): Source {
  const inside = picked.filter(({ path }) => isInsidePath(path));
  const [top] = inside[0]?.path.split("/") ?? [];
  const isOneFolder = inside.every(({ path }) => path.startsWith(`${top}/`));
  const cut = isOneFolder && inside.length > 0 ? top!.length + 1 : 0;
  const files = inside
    .map(({ path, file }) => sourceFile(path.slice(cut), file))
    .sort((a, b) => compareText(a.path, b.path));
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *files() {
      yield* files;
    },
    file: (path) => Promise.resolve(byPath.get(path)),
    folders: () =>
      Promise.resolve([...new Set(files.flatMap(({ path }) => /^[^/]+(?=\/)/.exec(path) ?? []))]),
  };
}

function sourceFile(path: string, file: File): SourceFile {
  return {
    path,
    sizeBytes: file.size,
    modifiedMs: file.lastModified,
    async *open({ start, end = file.size }: ByteRange = { start: 0 }) {
      const reader = file.slice(start, end).stream().getReader();
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          yield value as Uint8Array<ArrayBuffer>;
        }
      } finally {
        await reader.cancel();
      }
    },
  };
}
