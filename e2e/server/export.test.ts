import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../packages/core/src/base/index.ts";
import { addContact, Connection, type Contact } from "../../packages/core/src/client/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { exportMember } from "../../packages/server/src/operator/export/export.ts";
import { commandLine } from "../../packages/server/src/operator/log.ts";
import { setQuota } from "../../packages/server/src/operator/members.ts";
import { readMembership } from "../../packages/cli/src/device/memberships.ts";
import { newMachine } from "../cli-process.ts";
import { startReachableServer } from "./reachable.ts";
import { hasScaledParts, startScaledParts, type ScaledParts } from "./scaled.ts";
import { password } from "./serving.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "keepsake-export-"))));
afterEach(() => rm(folder, { recursive: true }));

const contact: Contact = { kind: "email", to: "export-canary@example.org" };
const life = { seed: "export", messages: 300, chats: 4, attachmentBytes: 300_000 };

/** Long texts of an export of chats: none of them may be found anywhere else. */
async function canaries(path: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const name of await readdir(path, { recursive: true })) {
    if (!name.endsWith(".jsonl")) continue;
    for (const [, text] of (await readFile(join(path, name), "utf8")).matchAll(
      /"(?:text|name)":"([^"\\\\]{8,})"/g,
    ))
      found.add(text!);
  }
  return [...found];
}

async function contents(path: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = (await readdir(path, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  );
  const read = files.map(async ({ parentPath, name }) => {
    const file = join(parentPath, name);
    return [file.slice(path.length + 1), await readFile(file)] as const;
  });
  return new Map(await Promise.all(read));
}

function exporting(settings: () => Promise<Readonly<Record<string, string>>>): void {
  test("all of a member's is in the folder, with hashes, and no word of a chat; nothing of others'", async () => {
    await using server = await startReachableServer(await settings());
    const other = await server.newMember("somebody-else");
    await other.newVault();
    await using machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
    await machine.json(["login", server.url, "--sign-up", "--name", "export-name-canary"]);
    await machine.json(["init", server.url, "--kit-file", "kit.txt"]);
    const phone = await machine.makeExport("phone", life);
    expect((await machine.json(["backup", "phone", "--name", "phone"])).result).toMatchObject({ ok: true });
    const kept = (await readMembership({ KEEPSAKE_CONFIG: machine.path("config") }, server.url))!;
    const connection = new Connection({ url: server.url, primitives: nodePrimitives, credentials: kept });
    await addContact(connection, contact, () => server.codeAt(contact));
    await server.toldAt(contact);

    await setQuota(server.server, commandLine, { member: kept.member, quotaBytes: 7_000_000_000 });
    await setQuota(server.server, commandLine, {
      member: other.membership.member,
      quotaBytes: 8_000_000_000,
    });
    const to = join(folder, "out");
    const exported = await exportMember({ ...server.server, clock: systemClock }, kept.member, to);
    expect(exported.missing).toBe(0);
    await expect(exportMember(server.server, kept.member, to)).rejects.toMatchObject({
      code: "cli.folder-not-empty",
    });
    await expect(exportMember(server.server, "0".repeat(26), join(folder, "x"))).rejects.toMatchObject({
      code: "request.not-found",
    });
    const files = await contents(to);
    const manifest = JSON.parse(files.get("manifest.json")!.toString()) as {
      files: { path: string; sizeBytes: number; sha256: string }[];
      withheld: string[];
    };
    const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
    expect(sha256(files.get("manifest.json")!)).toBe(exported.manifest);
    expect(manifest.files.map(({ path }) => path).toSorted()).toEqual(
      [...files.keys()].filter((path) => path !== "manifest.json").toSorted(),
    );
    for (const each of manifest.files) expect(sha256(files.get(each.path)!)).toBe(each.sha256);
    const listed = await connection.call("GET /v1/vaults");
    const objects = [...files.keys()].filter((path) => path.startsWith("objects/"));
    expect(objects).toHaveLength(listed.vaults[0]!.objects);

    const all = Buffer.concat([...files.values()]);
    const words = await canaries(phone);
    expect(words.length).toBeGreaterThan(50);
    const secrets = [kept.token, sha256(Buffer.from(kept.token)), password, "export-name-canary"];
    expect([...words, ...secrets, other.membership.member].filter((each) => all.includes(each))).toEqual([]);
    expect(files.get("rows/contact.jsonl")!.toString()).toContain(contact.to);
    expect(files.get("rows/memberEvent.jsonl")!.toString().split("\n").length).toBeGreaterThan(4);
    const operated = files.get("rows/operatorEvent.jsonl")!.toString().trim().split("\n");
    expect(operated.map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(["quota-set"]);
    expect(operated[0]).toContain("7000000000");
    expect(manifest.withheld).toEqual(expect.arrayContaining(["member.record", "session.tokenHash"]));
    expect(files.get("README.md")!.toString()).toMatch(/sealed by keys[^]*密钥加密/);
  }, 120_000);
}

describe("an export of a member from one machine", () => {
  exporting(() => Promise.resolve({}));
});

describe.skipIf(!hasScaledParts())("an export of a member from PostgreSQL and S3", () => {
  let parts: ScaledParts;
  beforeAll(async () => void (parts = await startScaledParts()), 120_000);
  afterAll(() => parts[Symbol.asyncDispose]());
  exporting(() => parts.fresh());
});
