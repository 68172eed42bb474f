import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesToText, KeepsakeError } from "@keepsake/core/base";
import type { S3Address, S3Credentials } from "@keepsake/core/s3";
import * as words from "../../ui/messages/keys.ts";
import { readIfThere, writePrivate } from "../folders.ts";
import { configFolder } from "../../where.ts";
import type { Opening } from "./kind.ts";

export interface FoundCredentials {
  readonly credentials: S3Credentials;
  readonly from: "file" | "kept" | "environment" | "typed";
}

/** Which bucket a key is for. */
type BucketName = Pick<S3Address, "endpoint" | "bucket">;

/**
 * The key for a bucket: from the file that the person names, from what this device keeps of the bucket, from the
 * environment, or typed. Throws `cli.no-s3-key` where there is none, and nobody can be asked.
 */
export async function s3Credentials(opening: Opening, address: BucketName): Promise<FoundCredentials> {
  const { input, env } = opening;
  const file = input.text("s3CredentialsFile") ?? setting(env, "KEEPSAKE_S3_CREDENTIALS_FILE");
  if (file !== undefined) return { credentials: await inFile(file, address.bucket), from: "file" };
  const kept = await readKept(env, address);
  if (kept !== undefined) return { credentials: kept, from: "kept" };
  const given = inEnvironment(env);
  if (given !== undefined) return { credentials: given, from: "environment" };
  return { credentials: await typed(opening, address), from: "typed" };
}

/** Keeps a key in the config folder if the person says so: asked, or by `--keep-s3-credentials`. */
export async function keepIfWanted(
  { input, env, prompt, output }: Opening,
  address: BucketName,
  { credentials, from }: FoundCredentials,
): Promise<void> {
  // One that holds for a while only would soon be in the way.
  if (from === "kept" || credentials.sessionToken !== undefined) return;
  const isWanted =
    input.flag("keepS3Credentials") ||
    (prompt !== undefined && (await prompt.confirm(output.text(words.keepKey, { bucket: address.bucket }))));
  if (!isWanted) return;
  const { endpoint, bucket } = address;
  const { accessKeyId, secretAccessKey } = credentials;
  const text = JSON.stringify({ endpoint, bucket, accessKeyId, secretAccessKey }, null, 2);
  await writePrivate(keptPath(env, address), `${text}\n`);
  output.say(words.keyKept);
}

async function readKept(env: NodeJS.ProcessEnv, address: BucketName): Promise<S3Credentials | undefined> {
  const file = await readIfThere(keptPath(env, address));
  if (file === undefined) return undefined;
  try {
    const { accessKeyId, secretAccessKey } = JSON.parse(bytesToText(file)) as S3Credentials;
    return usable({ accessKeyId, secretAccessKey }) ?? bad("kept");
  } catch (cause) {
    throw KeepsakeError.is(cause) ? cause : new KeepsakeError("cli.no-s3-key", { cause });
  }
}

function keptPath(env: NodeJS.ProcessEnv, { endpoint, bucket }: BucketName): string {
  const name = createHash("sha256").update(`${endpoint}\n${bucket}`).digest("hex").slice(0, 32);
  return join(configFolder(env), "stores", `${name}.json`);
}

function inEnvironment(env: NodeJS.ProcessEnv): S3Credentials | undefined {
  return usable({
    accessKeyId: setting(env, "AWS_ACCESS_KEY_ID"),
    secretAccessKey: setting(env, "AWS_SECRET_ACCESS_KEY"),
    sessionToken: setting(env, "AWS_SESSION_TOKEN"),
  });
}

/** Lines as `aws_access_key_id = ...`; the section of the bucket's name counts, else `default` or none. */
async function inFile(path: string, bucket: string): Promise<S3Credentials> {
  const file = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new KeepsakeError("cli.no-file", { cause });
  });
  const sections = sectionsOf(file);
  const found = sections.get(bucket) ?? sections.get("default");
  const credentials = usable({
    accessKeyId: found?.get("aws_access_key_id"),
    secretAccessKey: found?.get("aws_secret_access_key"),
    sessionToken: found?.get("aws_session_token"),
  });
  return credentials ?? bad("file");
}

function sectionsOf(file: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = "default";
  for (const line of file.split("\n")) {
    section = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1]?.trim() ?? section;
    const [, name, value] = /^\s*(aws_\w+)\s*=\s*(\S+)\s*$/i.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    if (!sections.has(section)) sections.set(section, new Map());
    sections.get(section)!.set(name.toLowerCase(), value);
  }
  return sections;
}

async function typed({ prompt, output }: Opening, { bucket }: BucketName): Promise<S3Credentials> {
  if (prompt === undefined) throw new KeepsakeError("cli.no-s3-key");
  const accessKeyId = (await prompt.ask(output.text(words.typeKeyId, { bucket }))).trim();
  const secretAccessKey = (await prompt.ask(output.text(words.typeKeySecret), { isHidden: true })).trim();
  return usable({ accessKeyId, secretAccessKey }) ?? bad("typed");
}

interface Parts {
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly sessionToken?: string | undefined;
}

function usable({ accessKeyId, secretAccessKey, sessionToken }: Parts): S3Credentials | undefined {
  const isWhole = isWord(accessKeyId) && isWord(secretAccessKey);
  return isWhole
    ? { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
    : undefined;
}

function isWord(text: unknown): text is string {
  return typeof text === "string" && /^[\x21-\x7e]+$/.test(text);
}

function bad(where: string): never {
  throw new KeepsakeError("cli.no-s3-key", { details: { where } });
}

function setting(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name];
  return value === "" ? undefined : value;
}
