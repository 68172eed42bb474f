import { cp, mkdir, readdir, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { beforeEach, afterEach, describe, expect, test } from "vitest";
import { historyEvents } from "@keepsake/core/testing/history";
import { contentOf, newMachine, type Machine } from "./cli-process.ts";

const life = { seed: "story", messages: 1200, chats: 6, attachmentBytes: 800_000 };

let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  machine = await newMachine();
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
});
afterEach(async () => machine[Symbol.asyncDispose]());

async function packs(store = "vault"): Promise<string[]> {
  return (await readdir(machine.path(store, "packs"))).sort();
}

describe("backup", { timeout: 60_000 }, () => {
  test("proves what it stored, and does not read a source in which nothing changed", async () => {
    await machine.makeExport("phone", life);
    const first = await machine.json(["backup", "phone"]);
    expect(first.result).toMatchObject({ ok: true, messages: 1200, added: 1200, isUnchanged: false });
    const proofs = first.events.filter((event) => event.type === "proof");
    expect(proofs.reduce((sum, proof) => sum + Number(proof["messages"]), 0)).toBe(1200);
    const before = await packs();
    await machine.json(["check", "--level", "full"]);
    const again = await machine.json(["backup", "phone"]);
    const whole = again.events.filter((event) => event.type === "proof").map((event) => event["verified"]);
    for (const verified of whole)
      expect(verified).toMatchObject({ now: "nothing", whole: expect.any(Number) });
    expect(again.result).toMatchObject({ ok: true, isUnchanged: true, added: 0 });
    expect(await packs()).toEqual(before);
    const said = await machine.run(["backup", "phone"]);
    expect(said.stdout).toBe("");
    expect(said.stderr).toMatch(/holds 1\s200 messages in 6 chats \(version \d+\)\.\n$/u);
    const reread = await machine.json(["backup", "phone", "--reread"]);
    expect(reread.result).toMatchObject({ isUnchanged: false, added: 0 });
  });

  test("says nothing with --quiet where all is well, and what must be acted on where it is not", async () => {
    await machine.makeExport("phone", life);
    await machine.makeExport("folder", { ...life, messages: 20 });
    const asIs = ["backup", "folder", "--format", "folder", "--quiet-time", "0", "--quiet"];
    for (const args of [["backup", "phone", "--quiet"], asIs])
      expect(await machine.run(args)).toMatchObject({ exit: 0, stdout: "", stderr: "" });
    const { events } = await machine.json(["backup", "phone", "--quiet", "--reread"]);
    expect(events.some(({ type }) => type === "proof")).toBe(true);
    await rm(machine.path("phone"), { recursive: true });
    await machine.makeExport("phone", { ...life, messages: 300 });
    const shrunk = await machine.run(["backup", "phone", "--quiet"]);
    expect(shrunk).toMatchObject({ exit: 3, stderr: expect.stringContaining("--accept-shrink") });
  });

  test("takes a merged export, undoes it, and brings it back", async () => {
    await machine.makeExport("phone", life);
    await machine.makeExport("pc", { ...life, seed: "pc", messages: 300 }, "telegram");
    await machine.run(["backup", "phone"]);
    const merged = await machine.json(["merge", "pc", "--name", "PC"]);
    expect(merged.result).toMatchObject({ ok: true, added: 300 });
    const before = await contentOf(machine.path("vault"));
    const plan = await machine.json(["undo", "--dry-run"]);
    expect(plan.result).toMatchObject({ ok: true, dryRun: true });
    expect(await contentOf(machine.path("vault"))).toEqual(before);
    expect((await machine.json(["undo"])).result).toMatchObject({ code: "cli.not-confirmed", exit: 13 });
    await machine.run(["undo", "--yes"]);
    const chats = async (): Promise<unknown> => (await machine.json(["chats"])).result["chats"];
    const few = await chats();
    await machine.run(["undo", "--yes"]);
    expect(Number(await chats())).toBeGreaterThan(Number(few));
  });

  test("rings when a source shrank, keeps everything, and takes its word only when told", async () => {
    await machine.makeExport("phone", life);
    await machine.run(["backup", "phone"]);
    await rm(machine.path("phone"), { recursive: true });
    let chats = 0;
    const events = [...historyEvents(life)].filter((event) => (chats += Number(event.type === "chat")) < 5);
    await machine.writeExport("phone", events);
    const shrunk = await machine.json(["backup", "phone"]);
    expect(shrunk.result).toMatchObject({ ok: false, code: "cli.partly", exit: 3, isShrunk: true });
    expect(shrunk.events.some((event) => event.type === "shrink")).toBe(true);
    const told = await machine.run(["backup", "phone", "--reread"]);
    expect(told.stderr).toContain("--accept-shrink");
    const accepted = await machine.json(["backup", "phone", "--accept-shrink"]);
    expect(accepted.result).toMatchObject({ ok: true, exit: 0 });
    expect((await machine.json(["restore", "out"])).result).toMatchObject({
      ok: true,
      counts: { messages: 1200 },
    });
  });

  test("that is interrupted says so, and goes on where it stopped", async () => {
    await machine.makeExport("phone", { ...life, messages: 6000, attachmentBytes: 60_000_000 });
    let isStopped = false;
    const stopped = await machine.json(["backup", "phone"], {
      onOutput(text, stop) {
        if (!isStopped && text.includes('"stage":"read"')) {
          isStopped = true;
          setTimeout(stop, 250);
        }
      },
    });
    expect(stopped.result).toMatchObject({ type: "result", ok: false, code: "base.aborted", exit: 130 });
    expect(stopped.exit).toBe(130);
    const done = await machine.json(["backup", "phone"]);
    expect(done.result).toMatchObject({ ok: true, added: 6000 });
    expect((await machine.json(["check", "--level", "full"])).result).toMatchObject({ ok: true, damages: 0 });
  });
});

describe("what comes out", { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await machine.makeExport("phone", life);
    await machine.run(["backup", "phone"]);
  });

  test("of restore is what went in", async () => {
    const out = await machine.json(["restore", "out", "--include-expired"]);
    expect(out.result).toMatchObject({ ok: true, counts: { messages: 1200 }, missing: [] });
    const lines = async (folder: string): Promise<string[]> => {
      const text = await readFile(machine.path(folder, "history.jsonl"), "utf8");
      return text
        .split("\n")
        .filter((line) => line.startsWith('{"') && line.includes('"type":"message"'))
        .sort();
    };
    expect((await lines("out")).length).toBe((await lines("phone")).length);
    const again = await machine.json(["restore", "out"]);
    expect(again.result).toMatchObject({ code: "format.target-exists", exit: 13 });
  });

  test("gives files names that differ on every disk, also where letters of two cases are one", async () => {
    const files = ["IMG.JPG", "img.jpg", "\u00c5.jpg", "A\u030a.jpg"];
    await rm(machine.path("phone"), { recursive: true });
    await mkdir(machine.path("phone/files"), { recursive: true });
    for (const name of files) await writeFile(machine.path("phone/files", name), `bytes of ${name}`);
    const messages = files.map((name, i) => ({
      id: i + 1,
      type: "message",
      date: "2026-01-02T03:04:05",
      date_unixtime: "1767323045",
      from: "A",
      from_id: "user2",
      file: `files/${name}`,
      file_name: name,
      text: "",
      text_entities: [],
    }));
    const exported = { name: "A", type: "personal_chat", id: 2, messages };
    await writeFile(machine.path("phone/result.json"), JSON.stringify(exported));
    expect((await machine.json(["backup", "phone", "--name", "PC"])).result).toMatchObject({ ok: true });
    const chat = ["--chat", "A"];
    expect((await machine.json(["export", "out", "--format", "telegram", ...chat])).result).toMatchObject({
      ok: true,
    });
    const found = (await readdir(machine.path("out"), { recursive: true })).filter((path) =>
      /jpg$/i.test(path),
    );
    expect(new Set(found.map((path) => path.normalize("NFC").toLowerCase())).size).toBe(files.length);
    const contents = await Promise.all(found.map((path) => readFile(machine.path("out", path), "utf8")));
    expect(contents.sort()).toEqual(files.map((name) => `bytes of ${name}`).sort());
  });

  test("can be chosen by chat, time, kind and version", async () => {
    const { events } = await machine.json(["chats"]);
    const chat = events.find((event) => event.type === "chat")!;
    const one = await machine.json(["restore", "one", "--chat", String(chat["chat"])]);
    expect(one.result).toMatchObject({ counts: { chats: 1, messages: chat["messages"] } });
    const few = await machine.json([
      "restore",
      "few",
      "--from",
      "2024-01-01",
      "--until",
      "2024-07-01",
      "--kind",
      "text",
    ]);
    expect(few.result).toMatchObject({ ok: true });
    const { messages } = few.result["counts"] as { messages: number };
    expect(messages).toBeGreaterThan(0);
    expect(messages).toBeLessThan(600);
    const none = await machine.json(["restore", "none", "--snapshot", "1"]);
    expect(none.result).toMatchObject({ ok: true, counts: { messages: 0 } });
    expect((await machine.json(["restore", "x", "--chat", "nobody"])).result).toMatchObject({
      code: "cli.no-chat",
      exit: 4,
    });
    expect((await machine.json(["restore", "x", "--snapshot", "99"])).exit).toBe(4);
  });

  for (const format of ["jsonl", "chatlab", "telegram"]) {
    test(`as ${format} has every message, with the text first where that is asked`, async () => {
      const out = await machine.json(["export", "out", "--format", format, "--text-first"]);
      expect(out.result).toMatchObject({ ok: true, counts: { messages: 1200 }, missing: [] });
      expect(await readdir(machine.path("out"))).not.toContain("text");
    });
  }

  test("is listed where the vault has lost it, with exit code 3", async () => {
    const names = await packs();
    const lost: number[] = [];
    for (const name of names) {
      const path = machine.path("vault", "packs", name);
      const bytes = await readFile(path);
      await unlink(path);
      const out = await machine.json(["restore", `without-${name}`]);
      lost.push(out.exit);
      // Some packs hold only what earlier versions needed.
      expect([0, 3, 4, 11]).toContain(out.exit);
      if (out.exit === 3) expect(out.result["missing"]).not.toEqual([]);
      await writeFile(path, bytes);
    }
    expect(lost).toContain(3);
  });
});

describe("care", { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await machine.makeExport("phone", life);
    await machine.makeExport("later", { ...life, day2: { messages: 150 } });
    await machine.run(["backup", "phone", "--name", "phone"]);
    await machine.run(["backup", "later", "--name", "phone"]);
  });

  test("a copy heals what is damaged here, and check says so before and after", async () => {
    expect((await machine.json(["copy", "--to", "second", "--dry-run"])).exit).toBe(0);
    await expect(readdir(machine.path("second"))).rejects.toThrow();
    expect((await machine.json(["copy", "--to", "second"])).result).toMatchObject({ ok: true, lost: [] });
    // One that the copy has too: key directories of versions before are needed by nobody.
    const [name] = await readdir(machine.path("second", "packs"));
    const path = machine.path("vault", "packs", name!);
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(7, 100, 3000));
    const found = await machine.json(["check", "--level", "full"]);
    expect([4, 11]).toContain(found.exit);
    expect(found.result["ok"]).toBe(false);
    expect((await machine.json(["repair", "--from", "second"])).result).toMatchObject({ ok: true, lost: [] });
    expect((await machine.json(["check", "--level", "full"])).result).toMatchObject({ ok: true, damages: 0 });
    const there = await machine.json(["chats", "--store", "second"]);
    expect(there.exit).toBe(0);
  });

  test("a copy that was written to meanwhile is merged, and the two are one again", async () => {
    await machine.json(["copy", "--to", "usb"]);
    await machine.makeExport("pc", { ...life, seed: "pc", messages: 200 });
    await machine.makeExport("tablet", { ...life, seed: "tablet", messages: 100 });
    await machine.json(["backup", "pc", "--name", "PC", "--store", "usb", "--no-sync"]);
    const merged = ["merge", "--from", "usb", "--store", "vault"];
    const ahead = await machine.json([...merged, "--dry-run"]);
    expect(ahead.result).toMatchObject({ ok: true, dryRun: true, relation: "behind" });
    const diverging = await machine.json(["backup", "tablet", "--name", "tablet", "--store", "vault"]);
    expect(diverging.result).toMatchObject({ ok: true, copies: { level: 0, of: 1 } });
    expect(diverging.events).toContainEqual(
      expect.objectContaining({ type: "copy", code: "history.diverged" }),
    );
    const refused = await machine.json(["copy", "--to", "usb", "--store", "vault"]);
    expect(refused.result).toMatchObject({ code: "history.diverged", exit: 13 });
    const before = await contentOf(machine.path("vault"));
    const plan = await machine.json([...merged, "--dry-run"]);
    expect(plan.result).toMatchObject({ ok: true, relation: "apart", messages: 200, versions: 1 });
    expect((await machine.json(merged)).result).toMatchObject({ code: "cli.not-confirmed", exit: 13 });
    expect(await contentOf(machine.path("vault"))).toEqual(before);
    expect((await machine.json([...merged, "--yes"])).result).toMatchObject({ ok: true, messages: 200 });
    expect((await machine.json(merged)).result).toMatchObject({ ok: true, relation: "ahead" });
    expect((await machine.json(["copy", "--to", "usb"])).result).toMatchObject({ ok: true, lost: [] });
    const counts: unknown[] = [];
    for (const store of ["vault", "usb"]) {
      expect((await machine.json(["check", "--level", "full", "--store", store])).result).toMatchObject({
        ok: true,
        damages: 0,
      });
      const out = await machine.json(["restore", `all-${store}`, "--store", store]);
      counts.push(out.result["counts"]);
    }
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[0]).toMatchObject({ messages: 1200 + 150 + 200 + 100 });
    expect((await machine.json(["merge", "phone", "--from", "usb"])).exit).toBe(2);
  });

  test("forgetting and pruning plan first, ask, and do only what was shown", async () => {
    const before = await contentOf(machine.path("vault"));
    const plan = await machine.json(["forget", "--keep-last", "1", "--dry-run"]);
    expect(plan.result).toMatchObject({ ok: true, dryRun: true, keep: 1, forget: 2 });
    expect((await machine.json(["prune", "--dry-run"])).exit).toBe(0);
    expect((await machine.json(["forget", "--keep-last", "1"])).result).toMatchObject({
      code: "cli.not-confirmed",
    });
    expect(await contentOf(machine.path("vault"))).toEqual(before);
    expect((await machine.json(["forget", "--keep-last", "1", "--yes"])).result).toMatchObject({
      ok: true,
      forget: 2,
    });
    await machine.json(["compact", "--full"]);
    await machine.json(["forget", "--keep-last", "1", "--yes"]);
    expect((await machine.json(["prune", "--yes"])).result).toMatchObject({ ok: true });
    const pruned = await machine.json(["prune", "--yes", "--quarantine-days", "0"]);
    expect(pruned.result).toMatchObject({ ok: true });
    expect(Number(pruned.result["remove"])).toBeGreaterThan(0);
    expect((await machine.json(["check", "--level", "full"])).result).toMatchObject({ ok: true });
  });

  test("a forgotten chat is out of every version, and undo brings it back", async () => {
    const { events } = await machine.json(["chats"]);
    const chat = String(events.find((event) => event.type === "chat")?.["chat"]);
    await machine.json(["forget", "--chat", chat, "--yes"]);
    expect((await machine.json(["show", chat])).result).toMatchObject({ code: "cli.no-chat", exit: 4 });
    await machine.json(["undo", "--yes"]);
    expect((await machine.json(["show", chat])).exit).toBe(0);
  });

  test("a forgotten kind is out of every version, is not backed up again, and undo brings it back", async () => {
    const show = async (): Promise<number> => {
      const folder = `out-${Math.random()}`;
      const out = await machine.json(["restore", folder, "--kind", "image", "--snapshot", "2"]);
      return (out.result["counts"] as { messages: number }).messages;
    };
    const before = await show();
    expect(before).toBeGreaterThan(0);
    const plan = await machine.json(["forget", "--kind", "image", "--dry-run"]);
    expect(plan.result).toMatchObject({ ok: true, dryRun: true });
    expect(Number(plan.result["messages"])).toBeGreaterThanOrEqual(before);
    expect(Number(plan.result["attachmentBytes"])).toBeGreaterThan(0);
    expect((await machine.json(["forget", "--kind", "image"])).result).toMatchObject({ exit: 13 });
    expect((await machine.json(["forget", "--kind", "image", "--keep-last", "1"])).exit).toBe(2);
    expect((await machine.json(["forget", "--kind", "image", "--yes"])).result).toMatchObject({ ok: true });
    expect(await show()).toBe(0);
    await machine.json(["undo", "--yes"]);
    expect(await show()).toBe(before);
    await machine.json(["undo", "--yes"]);
    expect(await show()).toBe(0);
    const again = await machine.json(["backup", "later", "--name", "phone", "--reread"]);
    expect(again.result).toMatchObject({ ok: true, added: 0 });
    expect(Number(again.result["leftOut"])).toBeGreaterThanOrEqual(before);
    expect((await machine.json(["check", "--level", "full"])).result).toMatchObject({ ok: true });
  });

  test("a store that goes back in time is refused, unless the person says otherwise", async () => {
    await cp(machine.path("vault"), machine.path("older"), { recursive: true });
    await machine.run(["forget", "--keep-last", "1", "--yes"]);
    await rm(machine.path("vault"), { recursive: true });
    await cp(machine.path("older"), machine.path("vault"), { recursive: true });
    expect((await machine.json(["chats"])).result).toMatchObject({ code: "vault.rolled-back", exit: 13 });
    expect((await machine.json(["chats", "--accept-older"])).exit).toBe(0);
  });

  test("a store that is not there, and a folder without a vault, have codes of their own", async () => {
    expect((await machine.json(["chats", "--store", "unplugged"])).result).toMatchObject({
      code: "store.unavailable",
      exit: 5,
    });
    await mkdir(machine.path("empty"));
    expect((await machine.json(["chats", "--store", "empty"])).result).toMatchObject({
      code: "vault.not-found",
      exit: 10,
    });
    expect((await machine.json(["backup", "empty"])).result).toMatchObject({
      code: "format.unknown",
      exit: 4,
    });
    expect((await machine.json(["backup", "nowhere"])).result).toMatchObject({
      code: "format.unreadable",
      exit: 5,
    });
  });
});
