import { randomBytes, createHash } from "node:crypto";
import { mkdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { codes, KeepsakeError, type CodeEntry } from "@keepsake/core/base";
import type { Blobs } from "../blobs/blobs.ts";
import { folderBlobs } from "../blobs/folder.ts";
import { openBlobs } from "../blobs/open.ts";
import { isCertificateFault } from "../certificate.ts";
import type { Config } from "../config.ts";
import { migrationStatus, openDb, type Db } from "../db/index.ts";
import { randomId } from "../keys/ids.ts";
import { readSecrets } from "../keys/secrets.ts";
import { DATABASE } from "./backup.ts";
import { lookAtCells, lookAtDirectory } from "./cells.ts";
import { databaseOptions } from "./database.ts";
import { lookAtDayKeys } from "./day-keys.ts";
import { lookAtMail } from "./mail.ts";
import { bad, good, type Told } from "./told.ts";

/** What a look at one part came to. */
export interface Finding extends Told {
  readonly part:
    | "database"
    | "objects"
    | "direct"
    | "secrets"
    | "day keys"
    | "clock"
    | "disk"
    | "mail"
    | "address"
    | "directory"
    | "cells";
}

const LEAST_FREE_BYTES = 1_000_000_000;
const MOST_SKEW_MS = 60_000;
const TRIAL_BYTES = 300_000;
/** Who does not answer within this is not there. */
const ANSWER_MS = 5000;

/** Looks at all that a server needs, one part after the other; what it writes it takes away again. */
export async function* examine(config: Config): AsyncGenerator<Finding> {
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  yield await looked("database", () => lookAtDatabase(config));
  yield await looked("secrets", () => lookAtSecrets(config));
  yield await looked("day keys", () => lookAtDayKeys(config));
  yield await looked("objects", () => lookAtObjects(config));
  if (config.objects !== "") yield await looked("direct", () => lookAtDirect(config));
  yield await looked("disk", () => lookAtDisk(config));
  const { mailServer } = config.notices;
  if (mailServer !== "") yield await looked("mail", () => lookAtMail(mailServer));
  if (config.cells.all.length > 0) {
    yield await looked("directory", () => lookAtDirectory(config.cells));
    yield await looked("cells", () => lookAtCells(config.cells));
  }
  if (config.publicUrl !== "") {
    yield await looked("address", () => lookAtAddress(config));
    yield await looked("clock", () => lookAtClock(config));
  }
}

async function looked(part: Finding["part"], look: () => Promise<Told>): Promise<Finding> {
  try {
    return { part, ...(await look()) };
  } catch (error) {
    const { code, details } = KeepsakeError.is(error) ? error : new KeepsakeError("base.unexpected");
    const { en, zh }: CodeEntry = codes[code];
    const name = details["name"] === undefined ? "" : ` (${String(details["name"])})`;
    return { part, isGood: false, en: en + name, zh: zh + name };
  }
}

async function lookAtDatabase(config: Config): Promise<Told> {
  // To open one is to make it, and a data folder that is not empty takes no restore.
  if (
    config.postgres === "" &&
    (await stat(join(config.data, DATABASE)).catch(() => undefined)) === undefined
  )
    return good("There is no database yet: the first start makes it.", "还没有数据库，首次启动时会创建。");
  let db: Db;
  try {
    db = await openDb(databaseOptions(config));
  } catch (error) {
    // A server that runs has it: that is no fault.
    if (KeepsakeError.is(error, "server.database-in-use"))
      return good("A server that runs has the database open.", "正在运行的服务器已打开数据库。");
    throw error;
  }
  try {
    const open = (await migrationStatus(db)).filter(({ doneAtMs }) => doneAtMs === undefined).length;
    return open === 0
      ? good("The database answers and is up to date.", "数据库可用，结构为最新。")
      : good(
          `The database answers; the next start brings it up to date (${open} steps).`,
          `数据库可用；下次启动会更新结构（${open} 步）。`,
        );
  } finally {
    await db.close();
  }
}

async function lookAtSecrets({ secretsFile }: Config): Promise<Told> {
  const found = await stat(secretsFile).catch(() => undefined);
  if (found === undefined)
    return good(
      "There is no file of secrets yet: the first start makes it.",
      "还没有密钥文件，首次启动时会生成。",
    );
  await readSecrets(secretsFile);
  if ((found.mode & 0o077) !== 0)
    return bad(
      `Others than the owner may read the file of secrets. Run: chmod 600 ${secretsFile}`,
      `密钥文件可被其他用户读取。请运行：chmod 600 ${secretsFile}`,
    );
  return good(
    "The file of secrets is there, for its owner alone. Back it up apart from the database.",
    "密钥文件存在且仅所有者可读。请与数据库分开备份。",
  );
}

async function lookAtObjects(config: Config): Promise<Told> {
  const trial = join(config.data, "doctor");
  try {
    return await tryBlobs(config.objects === "" ? folderBlobs(trial) : openBlobs(config));
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

async function tryBlobs(blobs: Blobs): Promise<Told> {
  const [key, bytes] = [`doctor${randomId()}`, randomBytes(TRIAL_BYTES)];
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    await blobs.receive(key, Readable.from([bytes]), { sizeBytes: bytes.length, sha256 });
    const stream = await blobs.read(key, { offset: 0, length: bytes.length });
    const isSame = stream !== undefined && (await buffer(stream)).equals(bytes);
    return isSame
      ? good("Objects are stored and come back as they were.", "对象可以存入并原样读回。")
      : bad(
          "An object did not come back as it was stored. Look at the disk or the bucket.",
          "读回的对象与存入的不同。请检查磁盘或存储桶。",
        );
  } finally {
    await blobs.remove(key).catch(() => undefined);
  }
}

/** As a client does it: by a signed request, straight to the object store. */
async function lookAtDirect(config: Config): Promise<Told> {
  const blobs = openBlobs(config);
  const [key, bytes] = [`doctor${randomId()}`, randomBytes(TRIAL_BYTES)];
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  try {
    const expected = { sizeBytes: bytes.length, sha256 };
    const { url, method, headers } = await blobs.direct!.uploadRequest(key, expected, 60_000);
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(url, { method, headers, body: bytes, signal }).catch(() => undefined);
    if (response === undefined)
      return bad(
        "Nothing answers where clients are to send objects. Check the address in KEEPSAKE_OBJECTS, and the way there.",
        "客户端上传对象的地址没有响应。请检查 KEEPSAKE_OBJECTS 中的地址和网络。",
      );
    if (!response.ok)
      return bad(
        `The object store refused a signed upload (${response.status}). Check its clock, its address and the key's rights.`,
        `对象存储拒绝了签名上传（${response.status}）。请检查其时钟、地址和密钥权限。`,
      );
    return good(
      "Clients can send objects straight to the object store, as seen from here.",
      "从本机看，客户端可以直接向对象存储上传。",
    );
  } finally {
    await blobs.remove(key).catch(() => undefined);
  }
}

async function lookAtDisk({ data }: Config): Promise<Told> {
  const { bavail, bsize } = await statfs(data);
  const gigabytes = ((bavail * bsize) / 1e9).toFixed(1);
  return bavail * bsize >= LEAST_FREE_BYTES
    ? good(`${gigabytes} GB are free in the data folder.`, `数据文件夹所在磁盘剩余 ${gigabytes} GB。`)
    : bad(
        `Only ${gigabytes} GB are free in the data folder. Make room before it is full.`,
        `数据文件夹所在磁盘仅剩 ${gigabytes} GB。请尽快腾出空间。`,
      );
}

async function lookAtAddress({ publicUrl }: Config): Promise<Told> {
  const isSafe = publicUrl.startsWith("https://") || /^http:\/\/(?:localhost|127\.|\[::1\])/.test(publicUrl);
  if (!isSafe)
    return bad("The public address is not https: clients refuse it.", "公开地址不是 https，客户端会拒绝。");
  let isBadCertificate = false;
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(`${publicUrl}/v1/server`, { signal }).catch((error: unknown) => {
    isBadCertificate = isCertificateFault(error);
  });
  if (isBadCertificate)
    return bad(
      "The certificate under the public address is not taken: it is for another name, past its time, or signed by nobody known. Clients refuse it too. Look at the proxy in front.",
      "公开地址的证书无效：名称不符、已过期，或签发者未知，客户端同样会拒绝。请检查前面的代理。",
    );
  return response?.ok === true
    ? good("The server answers under its public address.", "服务器在公开地址上有响应。")
    : bad(
        "Nothing answers under the public address. Is the server running, and the proxy in front set up?",
        "公开地址没有响应。服务器是否在运行、前面的代理是否配置好？",
      );
}

async function lookAtClock({ publicUrl }: Config): Promise<Told> {
  const response = await fetch(`${publicUrl}/health`, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    () => undefined,
  );
  const told = Date.parse(response?.headers.get("date") ?? "");
  if (Number.isNaN(told))
    return bad("The clock could not be compared: nothing answers.", "无法比较时钟：没有响应。");
  return Math.abs(told - Date.now()) <= MOST_SKEW_MS
    ? good("The clocks agree.", "时钟一致。")
    : bad(
        "The clocks of this machine and the server differ by more than a minute. Turn on time synchronisation.",
        "本机与服务器的时钟相差超过一分钟。请开启时间同步。",
      );
}
