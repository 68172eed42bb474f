import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KeepsakeError } from "@keepsake/core/base";

/** A file of the web app, in each form in which it may be sent. */
export interface WebFile {
  /** Such as `assets/index-1a2b3c4d.js`. */
  readonly path: string;
  readonly type: string;
  /** In hex. */
  readonly sha256: string;
  readonly plain: Buffer;
  /** Compressed ones, where they are smaller; in the order in which we would rather send them. */
  readonly compressed: readonly { readonly encoding: "br" | "gzip"; readonly bytes: Buffer }[];
}

/** The list of a build: without it a folder holds none. */
const LIST = "hashes.json";

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json; charset=utf-8",
};

/** The folder to serve: the one that is set, empty for none; else that of this clone, where it was built. */
export function webFolder(given: string | undefined): string {
  if (given !== undefined) return given;
  const own = fileURLToPath(new URL("../../../../web/dist", import.meta.url));
  return existsSync(join(own, LIST)) ? own : "";
}

/**
 * All files of a build, in memory: a build that takes its place meanwhile mixes with nothing. Throws `base.invalid`
 * where the folder holds none, or one that is not whole.
 */
export function readWeb(folder: string): readonly WebFile[] {
  const list = readOrThrow(folder, LIST);
  const { files } = parsed(list);
  const all = Object.entries(files).map(([path, sha256]) => {
    if (!/^\w[\w.-]*(?:\/\w[\w.-]*)*$/.test(path)) throw wrong(path);
    const file = webFile(folder, path);
    if (file.sha256 !== sha256) throw wrong(path);
    return file;
  });
  if (!all.some(({ path }) => path === "index.html")) throw wrong("index.html");
  return [...all, webFile(folder, LIST)];
}

function webFile(folder: string, path: string): WebFile {
  const plain = readOrThrow(folder, path);
  const type = types[path.slice(path.lastIndexOf(".") + 1)];
  if (type === undefined) throw wrong(path);
  const compressed = (["br", "gzip"] as const).flatMap((encoding) => {
    const file = join(folder, `${path}.${encoding === "br" ? "br" : "gz"}`);
    return existsSync(file) ? [{ encoding, bytes: readFileSync(file) }] : [];
  });
  return { path, type, plain, compressed, sha256: createHash("sha256").update(plain).digest("hex") };
}

function parsed(list: Buffer): { readonly files: Readonly<Record<string, string>> } {
  try {
    const { files } = JSON.parse(list.toString("utf8")) as { files: Record<string, string> };
    return { files: { ...files } };
  } catch (cause) {
    throw wrong(LIST, cause);
  }
}

function readOrThrow(folder: string, path: string): Buffer {
  try {
    return readFileSync(join(folder, path));
  } catch (cause) {
    throw wrong(path, cause);
  }
}

function wrong(file: string, cause?: unknown): KeepsakeError {
  return new KeepsakeError("base.invalid", { cause, details: { name: "KEEPSAKE_WEB", file } });
}
