import { bytesToHex, textToBytes, throwIfAborted, type Primitives } from "../base/index.ts";
import type { SourceFile } from "../model/index.ts";
import type { WriteOptions } from "./format.ts";
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

/** The path itself where every system takes it, else one like it. */
export function safePath(wanted: string): string {
  return isSafePath(wanted) ? wanted : wanted.split("/").map(safePart).join("/");
}

/** The path with a number before its ending. */
function numbered(path: string, number: number): string {
  const dot = path.lastIndexOf(".");
  const cut = dot > path.lastIndexOf("/") + 1 ? dot : path.length;
  return `${path.slice(0, cut)} (${number})${path.slice(cut)}`;
}

interface PlacesOptions extends Pick<WriteOptions, "primitives" | "signal"> {
  /** Paths, in small letters, of what the format writes itself. */
  readonly ownNames: RegExp;
}

interface Taken {
  readonly path: string;
  /** The digest of what lies there, or the file itself where nobody has looked: digests are small. */
  readonly content: string | SourceFile;
}

/**
 * Files that want places of their own choice in a target: each content lies once where it wants to be, and another one
 * that wants to be there goes beside it. Names that some disks do not tell apart are one place.
 */
export class WantedPlaces {
  readonly #target: Target;
  readonly #options: PlacesOptions;
  /** What lies at each place, by the name that every disk has for it. */
  readonly #taken = new Map<string, Taken>();

  constructor(target: Target, options: PlacesOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** Puts a file there, or beside it, unless its content lies there already; the path at which it lies. */
  async put(wanted: string, file: SourceFile): Promise<string> {
    let path = wanted;
    for (let number = 2; ; number++) {
      const there = this.#taken.get(plainName(path));
      if (there !== undefined && (await this.#holds(there, file))) return there.path;
      const isOurs = this.#options.ownNames.test(plainName(path));
      if (there === undefined && !isOurs && !(await this.#target.has(path))) break;
      path = numbered(wanted, number);
    }
    this.#taken.set(plainName(path), { path, content: file.sha256 ?? file });
    await putFile(this.#target, path, file, this.#options.signal);
    return path;
  }

  async #holds({ content }: Taken, file: SourceFile): Promise<boolean> {
    return content === file || (await this.#digest(content)) === (await this.#digest(file.sha256 ?? file));
  }

  async #digest(content: Taken["content"]): Promise<string> {
    if (typeof content === "string") return content;
    const { primitives, signal } = this.#options;
    return (await fileDigest(content, primitives, signal)).sha256;
  }
}

/** As disks see it that tell neither letters of two cases apart, nor two ways to write one letter. */
function plainName(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

const longestPart = 120;

function safePart(part: string): string {
  const plain = part.replace(/[\\:*?"<>|\u0000-\u001f]/g, "_").replace(/[. ]+$/, "");
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(plain)?.[0] ?? "";
  const short =
    plain.length > longestPart ? plain.slice(0, longestPart - extension.length) + extension : plain;
  return isSafePath(short) ? short : `_${short}`;
}
