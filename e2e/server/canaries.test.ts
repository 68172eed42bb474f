import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../packages/core/src/base/index.ts";
import {
  addContact,
  Connection,
  logIn,
  offerHelp,
  openGuarded,
  resetPassword,
  serverStore,
  setFamily,
  setGuardedPassword,
  signUp,
  type Contact,
} from "../../packages/core/src/client/index.ts";
import type { ReadEvent } from "../../packages/core/src/model/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { formatS3Address } from "../../packages/core/src/s3/index.ts";
import { openVault } from "../../packages/core/src/vault/index.ts";
import { historyEvents } from "../../packages/core/testing/history/index.ts";
import { newBucket } from "../../packages/core/testing/stores/s3-buckets.ts";
import { readMembership } from "../../packages/cli/src/device/memberships.ts";
import { openBlobs } from "../../packages/server/src/blobs/open.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { openDb } from "../../packages/server/src/db/index.ts";
import { databaseOptions } from "../../packages/server/src/operator/database.ts";
import { freshDatabase } from "../../packages/server/testing/db/fresh.ts";
import { startMailSink, type MailSink } from "../../packages/server/testing/mail.ts";
import { startAliyun } from "../../packages/server/testing/sms/aliyun.ts";
import { s3ForTests } from "../../tools/parts/ceph.ts";
import { startPostgres18 } from "../../tools/parts/postgres.ts";
import { newMachine } from "../cli-process.ts";
import { canariesOf, hitsIn, searchFolders, type Canaries } from "./canaries.ts";
import { ServerProgram } from "./process.ts";
import { hasScaledParts } from "./scaled.ts";
import { made } from "./vaults.ts";

/*
 * A38, A41: somebody lives through all that a server does, with what nobody else would write; then every byte is
 * searched that lies where a thief of the whole server finds it, and all that was said on the way.
 */

const planted = {
  text: "Kanarienvogel 金丝雀 in a chat",
  name: "canary-member-name",
  number: "+8613911122233",
  mail: "canary-mailbox@example.org",
  "login password": "canary login password",
  "new login password": "canary password after the reset",
  "vault password": "canary guarded tea password",
};
const mailbox: Contact = { kind: "email", to: planted.mail };
const number: Contact = { kind: "phone", to: planted.number };

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), "keepsake-canaries-"))));
afterEach(() => rm(root, { recursive: true }));

interface Place {
  readonly settings: Readonly<Record<string, string>>;
  /** Folders of the database and what belongs to it, beside the server's own. */
  readonly folders: readonly string[];
}

/** All texts of a history are the canary. */
function* singing(): Generator<ReadEvent> {
  for (const event of historyEvents({ seed: "canaries", messages: 120, chats: 3 }))
    yield event.type === "message" && event.message.kind === "text"
      ? ({ ...event, message: { ...event.message, body: { text: planted.text } } } as ReadEvent)
      : event;
}

async function codeFrom(arrived: () => readonly string[], taken = 0): Promise<string> {
  await expect.poll(() => arrived().length, { timeout: 20_000 }).toBeGreaterThan(taken);
  return arrived()[taken]!;
}

const mailedCodes = (mail: MailSink) => (): readonly string[] =>
  mail.mails.flatMap(({ text }) => /^\d{6}/.exec(text)?.[0] ?? []);

async function liveThrough({ settings, folders }: Place): Promise<void> {
  await using mail = await startMailSink();
  await using sms = await startAliyun(Date.now);
  const [data, temporary] = [join(root, "data"), join(root, "tmp")];
  await mkdir(temporary);
  const environment = {
    KEEPSAKE_DATA: data,
    KEEPSAKE_PORT: "0",
    KEEPSAKE_SIGN_UP: "open",
    KEEPSAKE_MAIL_SERVER: mail.url,
    KEEPSAKE_MAIL_FROM: "keepsake@example.org",
    TMPDIR: temporary,
    ...sms.settings,
    ...settings,
  };
  const program = new ServerProgram(environment);
  await using machine = await newMachine({
    KEEPSAKE_LOGIN_PASSWORD: planted["login password"],
    TMPDIR: temporary,
  });
  let url = await program.start();
  const spoken: string[] = [];
  const cli = async (...args: readonly string[]): Promise<void> => {
    const { exit, stdout, stderr } = await machine.run(args);
    spoken.push(stdout, stderr);
    expect([args[0], exit, stderr.slice(0, exit === 0 ? 0 : 500)]).toEqual([args[0], 0, ""]);
  };
  try {
    await cli("login", url, "--sign-up", "--name", planted.name);
    await cli("init", url, "--kit-file", "kit.txt");
    await machine.writeExport("phone", singing());
    await cli("backup", "phone", "--name", "phone");
    await cli("check", "--level", "full");
    // It is there, for who may read it.
    expect((await machine.run(["search", "金丝雀"])).stdout).toContain("Kanarienvogel");
    const kept = (await readMembership({ KEEPSAKE_CONFIG: machine.path("config") }, url))!;
    const words = [...(await readFile(machine.path("kit.txt"), "utf8")).matchAll(/^ ?\d+\. (\w+)$/gm)].map(
      (match) => match[1]!,
    );
    expect(words).toHaveLength(24);
    const open = new Connection({ url, primitives });
    const connection = open.with(kept);
    await addContact(connection, mailbox, () => codeFrom(mailedCodes(mail)));
    await addContact(connection, number, () => codeFrom(() => sms.sent.map(({ value }) => value)));

    const { vaults } = await connection.call("GET /v1/vaults");
    const store = serverStore({ connection, vault: vaults[0]!.id });
    const secret = { kind: "words", words: words.join(" ") } as const;
    const { vault } = await openVault({ primitives, store, clock: systemClock, secret });
    const guarded = await setGuardedPassword(vault, connection, planted["vault password"]);
    await openGuarded(connection, {
      primitives,
      store,
      clock: systemClock,
      password: planted["vault password"],
    });
    const helper = await signUp(open, { password: "the helper's own password", platform: "web" });
    const theirs = open.with(helper);
    const theirVault = await theirs.call("POST /v1/vaults");
    const helping = await made(serverStore({ connection: theirs, vault: theirVault.vault }), systemClock);
    const card = await offerHelp(helping.vault, theirs, helper);
    await setFamily(guarded.vault, connection, { card, waitDays: 7 });

    const codes = mailedCodes(mail)().length;
    const again = { contact: mailbox, password: planted["new login password"], platform: "web" } as const;
    const reset = await resetPassword(open, again, () => codeFrom(mailedCodes(mail), codes));
    await connection.call("POST /v1/reset/cancel");
    const login = { name: planted.name, password: planted["login password"], platform: "phone" } as const;
    const phone = await logIn(open, login);
    await expect
      .poll(() => mail.mails.filter(({ subject }) => subject.includes("cancelled")).length, {
        timeout: 20_000,
      })
      .toBeGreaterThan(0);

    const canaries = canariesOf({
      ...planted,
      "number without its country": planted.number.slice(3),
      "recovery words": words.slice(0, 4).join(" "),
      "session token": kept.token,
      "token of a reset": reset.token,
      "device seed": kept.deviceSeed,
      "seed of another device": phone.deviceSeed,
      "vault device seed": helping.key.seed,
    });
    // What is shown to its operator alone has the contacts, as it says; no chat, no secret.
    if (settings["KEEPSAKE_POSTGRES"] === undefined)
      expect(await program.verb("backup", join(root, "copy"))).toBe(0);
    // Killed while it writes.
    const writing = Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => store.put(`packs/late${i}`, new Uint8Array(90_000 + i))),
    );
    await program.end("SIGKILL");
    await writing;
    await foundNowhere(canaries, { environment, folders: [data, temporary, ...folders], said: program.said });
    url = await program.start();
    await logIn(new Connection({ url, primitives }), login);
    await program.end("SIGTERM");
    expect(await program.verb("member", "export", kept.member, "--to", join(root, "export"))).toBe(0);
    const own = new Map([...canaries].filter(([name]) => name !== "mail" && !name.startsWith("number")));
    expect((await searchFolders(own, [join(root, "export")])).hits).toEqual([]);
    const copy = settings["KEEPSAKE_POSTGRES"] === undefined ? [join(root, "copy")] : [];
    const all = [data, temporary, ...folders, ...copy];
    await foundNowhere(canaries, { environment, folders: all, said: program.said });
    const secrets = new Map([...canaries].filter(([name]) => name !== "name"));
    expect(hitsIn(secrets, "what the CLI said", Buffer.from(spoken.join("\n")))).toEqual([]);
    await isFoundWherePlanted(canaries, environment, all);
  } finally {
    await program.end("SIGKILL");
  }
}

/** Every byte of the files, the objects and what was said. */
async function foundNowhere(
  canaries: Canaries,
  {
    environment,
    folders,
    said,
  }: { environment: Record<string, string>; folders: readonly string[]; said: string },
): Promise<void> {
  const { hits, files, bytes } = await searchFolders(canaries, folders);
  expect(hits).toEqual([]);
  expect([files > 5, bytes > 100_000, said.length > 200]).toEqual([true, true, true]);
  expect(hitsIn(canaries, "what the server said", Buffer.from(said))).toEqual([]);
  const blobs = openBlobs(parseConfig(environment));
  let count = 0;
  for await (const { key, sizeBytes, isWhole } of blobs.list()) {
    const stream = isWhole ? await blobs.read(key, { offset: 0, length: sizeBytes }) : undefined;
    if (stream === undefined) continue;
    count++;
    expect(hitsIn(canaries, "an object", await buffer(stream))).toEqual([]);
  }
  expect(count).toBeGreaterThan(3);
}

/** The search finds what is there: a row and a file of each form. */
async function isFoundWherePlanted(
  canaries: Canaries,
  environment: Record<string, string>,
  folders: readonly string[],
): Promise<void> {
  const db = await openDb(databaseOptions(parseConfig(environment)));
  // Several: where a page of the engine's log ends within one of them, it is not found in one piece.
  const rows = [1, 2, 3].map((i) => ({ name: `canary-${i}`, value: planted.text }));
  await db.query.insertInto("fact").values(rows).execute();
  await db.close();
  expect((await searchFolders(canaries, folders)).hits.join()).toContain("text, as it is, in ");
  const forms = [...canaries].flatMap(([name, each]) => each.map((form) => ({ name, form })));
  for (const [i, { form }] of forms.entries())
    await writeFile(
      join(environment["KEEPSAKE_DATA"]!, `planted-${i}`),
      Buffer.concat([Buffer.from("x"), form.bytes]),
    );
  const { hits } = await searchFolders(canaries, [environment["KEEPSAKE_DATA"]!]);
  for (const [i, { name, form }] of forms.entries())
    expect(hits).toContain(`${name}, ${form.name}, in planted-${i}`);
}

describe("who steals a whole server finds no canary, nor does who reads its log", () => {
  test("on embedded parts", { timeout: 240_000 }, () => liveThrough({ settings: {}, folders: [] }));

  test.skipIf(!hasScaledParts())("on PostgreSQL and S3", { timeout: 300_000 }, async () => {
    // One of its own: all of its folder is searched.
    await using postgres = await startPostgres18();
    await using s3 = await s3ForTests();
    const { credentials, ...address } = await newBucket(s3.service, primitives);
    await liveThrough({
      settings: {
        KEEPSAKE_POSTGRES: await freshDatabase(postgres.url),
        KEEPSAKE_DAY_KEYS: join(root, "data", "day-keys"),
        KEEPSAKE_GUARD_FENCE: join(root, "data", "guard-fence"),
        KEEPSAKE_OBJECTS: formatS3Address(address),
        KEEPSAKE_S3_ACCESS_KEY_ID: credentials.accessKeyId,
        KEEPSAKE_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
      folders: [postgres.data],
    });
  });
});
