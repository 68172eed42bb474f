import {
  bytesToHex,
  KeepsakeError,
  Patience,
  systemClock,
  throwIfAborted,
  type Bytes,
} from "../base/index.ts";
import { OBJECT_WEEK, type Receipt } from "../protocol/index.ts";
import {
  isStoreName,
  type ListOptions,
  numberName,
  type ObjectOptions,
  type PutOptions,
  type Range,
  type Store,
  type StoredObject,
} from "../vault/store/index.ts";
import { hasOfflinePassword } from "../vault/index.ts";
import { base64ToBytes, bytesToBase64 } from "./base64.ts";
import { bytesOf } from "./answer.ts";
import { isLoopback, type Connection } from "./connection.ts";
import {
  badKeyToken,
  KEY_TOKEN_HEADER,
  keyTokenOf,
  newKeyToken,
  requireUnwrapped,
  wrapBytes,
} from "./key-tokens.ts";

export interface ServerStoreOptions {
  readonly connection: Connection;
  /** The vault on the server: its id there. */
  readonly vault: string;
  /** Whether packs go to the server's object store by requests that it signs, as far as that can be reached. */
  readonly isDirect?: boolean | undefined;
  /**
   * Whether the server is told from when what may go by its age is: asked before it would be. It is told the last week
   * of its quarter, no more. Nothing is told where this is absent.
   */
  readonly givesWeeks?: (() => Promise<boolean>) | undefined;
  /** Called with the server's word for each head that it takes, before the put returns. Throwing refuses the server. */
  readonly onReceipt?: ((receipt: Receipt) => void | Promise<void>) | undefined;
}

/** A vault on a server as a store among stores. What the server answers is not trusted: the vault checks all of it. */
export function serverStore(options: ServerStoreOptions): Store {
  const { connection, vault } = options;
  const pathOf = (name: string): string => {
    if (!isStoreName(name)) throw new KeepsakeError("store.bad-name");
    return `/v1/vaults/${vault}/objects/${name}`;
  };
  // Heads come with their list, so that following them does not take a request for each.
  const listed = new Map<string, Bytes>();
  const checked = new Set<string>();
  // Where the object store did not take an object, the next ones do not wait for it as well.
  let directFromMs = 0;
  const take = (name: string, range: Range | undefined): Bytes | undefined => {
    const bytes = listed.get(name);
    listed.delete(name);
    return range === undefined ? bytes : bytes?.slice(range.offset, range.offset + range.length);
  };
  return {
    put: async (name, plain, more = {}) => {
      listed.delete(name);
      // A server could guess at it for as long as it likes: it gets guarded passwords only.
      if (name.startsWith("slots/") && (await hasOfflinePassword(connection.primitives, plain)))
        throw new KeepsakeError("keys.offline-password");
      const path = pathOf(name);
      const week = await givenWeek(options, more.week);
      const object = await wrapped(options, { name, path, bytes: plain, more: { ...more, week } });
      const isLarge = plain.length >= LEAST_DIRECT_BYTES;
      if (options.isDirect !== true || !isLarge || systemClock.now() < directFromMs)
        return put(options, object);
      const direct = await putDirectly(options, object);
      if (direct === undefined) directFromMs = systemClock.now() + DIRECT_AGAIN_MS;
      return direct ?? put(options, object);
    },
    get: async (name, range, more = {}) => {
      throwIfAborted(more.signal);
      const asked = { name, path: pathOf(name), range, more };
      return take(name, range) ?? getUnwrapped(options, asked, checked);
    },
    list: (prefix, { signal, after = "" } = {}) => list(options, prefix, { signal, after, listed }),
    async remove(name, { signal } = {}) {
      listed.delete(name);
      await asStore(connection.send({ method: "DELETE", path: pathOf(name), signal }));
    },
  };
}

/** An object as it goes to the server. */
interface Outgoing {
  readonly name: string;
  readonly path: string;
  readonly bytes: Bytes;
  /** What it is wrapped under. */
  readonly token?: Bytes;
  readonly more: PutOptions;
}

/** A quarter of 52 weeks: so that nobody learns when exactly something was written. */
const QUARTER_WEEKS = 13;

/** The week as the server is told it: the last one of its quarter, or none. */
async function givenWeek(
  { givesWeeks }: ServerStoreOptions,
  week: number | undefined,
): Promise<number | undefined> {
  if (week === undefined || givesWeeks === undefined || !(await givesWeeks())) return undefined;
  return (Math.floor(week / QUARTER_WEEKS) + 1) * QUARTER_WEEKS - 1;
}

/** What holds keys goes under a new token, which goes with it. */
async function wrapped(
  { connection: { primitives }, vault }: ServerStoreOptions,
  object: Outgoing,
): Promise<Outgoing> {
  if (object.more.holdsKeys !== true) return object;
  const token = newKeyToken(primitives);
  const wrapping = { token, vault, name: object.name };
  return {
    ...object,
    token,
    bytes: await wrapBytes(primitives, wrapping, { bytes: object.bytes, offset: 0 }),
  };
}

/** Smaller objects take longer to announce than to send. */
const LEAST_DIRECT_BYTES = 256 * 1024;
const DIRECT_AGAIN_MS = 10 * 60_000;

/** Undefined where the object store cannot be reached from here: then the bytes go through the server. */
async function putDirectly(
  { connection, vault }: ServerStoreOptions,
  { name, bytes, token, more: { signal, week } }: Outgoing,
): Promise<"stored" | "exists" | undefined> {
  const sha256 = bytesToHex(connection.primitives.sha256(bytes));
  const object = { name, sizeBytes: bytes.length, sha256, ...(week === undefined ? {} : { week }) };
  const body = { objects: [object] };
  const { uploads } = await asStore(
    connection.call("POST /v1/vaults/{vault}/uploads", { params: { vault }, body, signal }),
  );
  const [upload] = uploads;
  if (upload === undefined) return "exists";
  if (!(await isSent(connection, upload, { bytes, signal }))) {
    await connection
      .call("DELETE /v1/uploads/{upload}", { params: { upload: upload.id } })
      .catch(() => undefined);
    return undefined;
  }
  const tokens = token === undefined ? {} : { keyTokens: { [upload.id]: bytesToBase64(token) } };
  const commit = connection.call("POST /v1/commits", { body: { uploads: [upload.id], ...tokens }, signal });
  return (await asStore(commit)).outcomes[0];
}

/** What a signed upload may carry. */
const signedHeaders = /^(?:x-amz-[a-z0-9-]+|if-none-match|content-(?:type|length|md5))$/i;
const SILENCE_MS = 30_000;

/** Goes where the server says, but only to an object store: over https, or on this machine where the server is, too. */
async function isSent(
  connection: Connection,
  { method, url, headers }: { method: string; url: string; headers: Readonly<Record<string, string>> },
  { bytes, signal }: { bytes: Bytes; signal: AbortSignal | undefined },
): Promise<boolean> {
  const isPlain = method === "PUT" && Object.keys(headers).every((name) => signedHeaders.test(name));
  if (!isPlain || !isObjectStore(URL.parse(url), new URL(connection.url))) return false;
  using patience = new Patience(SILENCE_MS, signal);
  patience.renew(bytes.length);
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: bytes,
      redirect: "error",
      signal: patience.signal,
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    throwIfAborted(signal);
    return false;
  }
}

function isObjectStore(url: URL | null, server: URL): boolean {
  if (url?.protocol === "https:") return true;
  return url?.protocol === "http:" && isLoopback(url) && isLoopback(server);
}

async function put(
  { connection, onReceipt }: ServerStoreOptions,
  { path, bytes, token, more: { signal, keyPacks, week } }: Outgoing,
): Promise<"stored" | "exists"> {
  const headers = {
    "keepsake-sha256": bytesToHex(connection.primitives.sha256(bytes)),
    ...(token && { [KEY_TOKEN_HEADER]: bytesToBase64(token) }),
    ...(week !== undefined && { [OBJECT_WEEK]: String(week) }),
    ...(keyPacks && { "keepsake-key-packs": keyPacks.join(" ") }),
  };
  const response = await asStore(connection.send({ method: "PUT", path, headers, bytes, signal }));
  const { outcome, receipt } = (await response.json().catch((cause: unknown) => {
    throw new KeepsakeError("store.unavailable", { cause, retry: "later" });
  })) as { outcome: "stored" | "exists"; receipt?: Receipt };
  if (outcome === "stored" && path.includes("/heads/")) await onReceipt?.(requireFor(receipt, path, headers));
  return outcome;
}

/** The receipt is for the head that was put. Throws `server.bad-receipt`, also where there is none. */
function requireFor(
  receipt: Receipt | undefined,
  path: string,
  headers: { readonly "keepsake-sha256": string },
): Receipt {
  const isForIt =
    receipt?.headHash === headers["keepsake-sha256"] && path.endsWith(`/${numberName(receipt.head)}`);
  if (!isForIt) throw new KeepsakeError("server.bad-receipt", { details: { why: "other-head" } });
  return receipt;
}

interface Asked {
  readonly name: string;
  readonly path: string;
  readonly range: Range | undefined;
  readonly more: ObjectOptions;
}

/** What comes with a token is unwrapped; what holds keys must come with one. Throws `server.bad-key-token`. */
async function getUnwrapped(
  options: ServerStoreOptions,
  asked: Asked,
  checked: Set<string>,
): Promise<Bytes | undefined> {
  const { connection } = options;
  const { path, range, more } = asked;
  const { signal } = more;
  if (range?.length === 0) return (await has(connection, path, signal)) ? new Uint8Array() : undefined;
  const found = await get(connection, { path, range, signal });
  if (found?.token !== undefined) return unwrapped(options, asked, { ...found, token: found.token, checked });
  if (found !== undefined && more.holdsKeys === true) throw badKeyToken("missing");
  return found?.bytes;
}

async function unwrapped(
  options: ServerStoreOptions,
  asked: Asked,
  { bytes, token, checked }: { bytes: Bytes; token: Bytes; checked: Set<string> },
): Promise<Bytes> {
  const { connection, vault } = options;
  const { name, range } = asked;
  const offset = range?.offset ?? 0;
  const plain = await wrapBytes(connection.primitives, { token, vault, name }, { bytes, offset });
  if (offset === 0 && plain.length >= START_BYTES) requireUnwrapped(plain);
  else if (!checked.has(name)) {
    await getUnwrapped(options, startOf(asked), new Set([name]));
    checked.add(name);
  }
  return plain;
}

function startOf(asked: Asked): Asked {
  return { ...asked, range: { offset: 0, length: START_BYTES } };
}

/** The header of a file tells whether its token is the right one. */
const START_BYTES = 8;

interface Found {
  readonly bytes: Bytes;
  readonly token: Bytes | undefined;
}

async function get(
  connection: Connection,
  { path, range, signal }: { path: string; range: Range | undefined; signal: AbortSignal | undefined },
): Promise<Found | undefined> {
  const headers: Record<string, string> =
    range === undefined ? {} : { range: `bytes=${range.offset}-${range.offset + range.length - 1}` };
  try {
    const response = await connection.send({ method: "GET", path, headers, signal });
    return { token: keyTokenOf(response), bytes: await bytesOf(response, signal) };
  } catch (error) {
    if (KeepsakeError.is(error, "request.not-found")) return undefined;
    // What lies behind the object's end is nothing.
    if (KeepsakeError.is(error) && error.details["status"] === 416)
      return { bytes: new Uint8Array(), token: undefined };
    throw toStoreError(error);
  }
}

async function has(connection: Connection, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await get(connection, { path, range: { offset: 0, length: 1 }, signal })) !== undefined;
}

async function* list(
  { connection, vault }: ServerStoreOptions,
  prefix: string,
  options: ListOptions & { readonly after: string; readonly listed: Map<string, Bytes> },
): AsyncGenerator<StoredObject> {
  const { signal, listed } = options;
  const asked = prefix.startsWith("heads/") ? ({ bytes: "yes" } as const) : {};
  for (let { after } = options; ;) {
    const page = await asStore(
      connection.call("GET /v1/vaults/{vault}/objects", {
        params: { vault },
        query: { prefix, after, ...asked },
        signal,
      }),
    );
    for (const object of page.objects) {
      // A server that goes back would be asked for ever.
      if (object.name <= after || !object.name.startsWith(prefix))
        throw new KeepsakeError("store.unavailable", { retry: "later", details: { what: "list" } });
      after = object.name;
      if (!isStoreName(object.name)) continue;
      const { name, sizeBytes, bytes: text } = object;
      const inline = text === undefined ? undefined : base64ToBytes(text);
      if (inline?.length === sizeBytes) listed.set(name, inline);
      yield { name, sizeBytes };
    }
    if (page.isEnd || page.objects.length === 0) return;
  }
}

/** Errors of the way as errors of a store; what a person can do something about stays what it is. */
async function asStore<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toStoreError(error);
  }
}

function toStoreError(error: unknown): unknown {
  if (!KeepsakeError.is(error)) return error;
  // Whatever answers in the server's place may be gone the next time.
  const isOther = error.code === "server.not-keepsake";
  if (error.retry === "never" && !isOther) return error;
  const { details } = error;
  const retry = isOther ? "later" : error.retry;
  return new KeepsakeError("store.unavailable", { cause: error, retry, details });
}
