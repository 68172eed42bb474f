import { bytesToHex, textToBytes, throwIfAborted, type Primitives } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";
import { isSafePath, type FileWriter, type Target } from "./source.ts";

/** Text that waits until there is enough of it to write, in UTF-16 code units. */
const waitingLength = 256 * 1024;

/** A text file that is being written. Disposed before `close`, it is taken away again. */
export class TextOutput implements AsyncDisposable {
  readonly #file: FileWriter;
  #waiting: string[] = [];
  #length = 0;
  /** One piece is on its way while the next one gathers. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileWriter) {
    this.#file = file;
  }

  static async create(target: Target, path: string): Promise<TextOutput> {
    return new TextOutput(await target.create(path));
  }

  /** Undefined until enough text waits: then a promise to wait for. */
  add(text: string): Promise<void> | undefined {
    this.#waiting.push(text);
    this.#length += text.length;
    return this.#length >= waitingLength ? this.#flush() : undefined;
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#writing;
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#file[Symbol.asyncDispose]();
  }

  async #flush(): Promise<void> {
    const text = this.#waiting.join("");
    this.#waiting = [];
    this.#length = 0;
    await this.#writing;
    if (text === "") return;
    this.#writing = this.#file.write(textToBytes(text));
    this.#writing.catch(() => undefined);
  }
}

/** SHA-256 of a file, 64 hex digits, and how many bytes it really has. */
export async function fileDigest(
  file: SourceFile,
  primitives: Pick<Primitives, "sha256Stream">,
  signal?: AbortSignal,
): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const hash = primitives.sha256Stream();
  let sizeBytes = 0;
  for await (const chunk of file.open()) {
    throwIfAborted(signal);
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sha256: bytesToHex(hash.digest()), sizeBytes };
}

/** Copies a file into a target, or leaves it to the target. */
export async function putFile(
  target: Target,
  path: string,
  file: SourceFile,
  signal?: AbortSignal,
): Promise<void> {
  if (target.put !== undefined) return target.put(path, file);
  await using writer = await target.create(path);
  for await (const chunk of file.open()) {
    throwIfAborted(signal);
    await writer.write(chunk);
  }
  await writer.close();
}

/** A path that is free: the wanted one, made safe, with a number before its ending if it is taken. */
export async function freePath(target: Target, wanted: string): Promise<string> {
  const path = isSafePath(wanted) ? wanted : wanted.split("/").map(safePart).join("/");
  const dot = path.lastIndexOf(".");
  const cut = dot > path.lastIndexOf("/") + 1 ? dot : path.length;
  let free = path;
  for (let number = 2; await target.has(free); number++)
    free = `${path.slice(0, cut)} (${number})${path.slice(cut)}`;
  return free;
}

const longestPart = 120;

function safePart(part: string): string {
  const plain = part.replace(/[\\:*?"<>|\u0000-\u001f]/g, "_").replace(/[. ]+$/, "");
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(plain)?.[0] ?? "";
  const short =
    plain.length > longestPart ? plain.slice(0, longestPart - extension.length) + extension : plain;
  return isSafePath(short) ? short : `_${short}`;
}
