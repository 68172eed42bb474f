import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newMachine, type Machine } from "./cli-process.ts";

const life = { seed: "choices", messages: 1500, chats: 8, attachmentBytes: 2_000_000 };

let machine: Machine & AsyncDisposable;
beforeEach(async () => {
  machine = await newMachine();
  await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
  await machine.makeExport("phone", life);
});
afterEach(async () => machine[Symbol.asyncDispose]());

const eventsOf = async (args: readonly string[], type: string) =>
  (await machine.json(args)).events.filter((event) => event.type === type);

describe("what is chosen not to be kept", { timeout: 60_000 }, () => {
  test("is left out of the backup, listed in its proof, and comes in once it is chosen no more", async () => {
    const chosen = await machine.json(["choose", "add", "--chat-kind", "group", "--files-only"]);
    expect(chosen.result).toMatchObject({ ok: true, choice: { what: "files", chatKinds: ["group"] } });
    const first = await machine.json(["backup", "phone"]);
    const [left] = first.events.filter((event) => event.type === "leftOut");
    expect(left).toMatchObject({ what: "files", chatKinds: ["group"], messages: 0 });
    expect(Number(left!["files"])).toBeGreaterThan(0);
    const sums = async (): Promise<number> =>
      (await eventsOf(["chats"], "chat")).reduce((sum, chat) => sum + Number(chat["attachments"]), 0);
    const few = await sums();
    const [listed] = await eventsOf(["choose", "list"], "choice");
    expect(listed).toMatchObject({ files: left!["files"], bytes: left!["bytes"] });
    await machine.json(["choose", "remove", String(listed!["id"])]);
    const second = await machine.json(["backup", "phone"]);
    expect(second.result).toMatchObject({ isUnchanged: false });
    expect(await sums()).toBeGreaterThan(few);
    expect((await machine.json(["choose", "list"])).result).toMatchObject({ choices: 0 });
  });

  test("is proposed from a look through the source, which stores nothing and leaves nothing out by itself", async () => {
    const looked = await machine.json(["choose", "from", "phone"]);
    expect(looked.result).toMatchObject({ ok: true, chats: 8, chosen: [] });
    const chats = looked.events.filter((event) => event.type === "chat");
    expect(chats.reduce((sum, chat) => sum + Number(chat["messages"]), 0)).toBe(1500);
    const proposals = looked.events.filter((event) => event.type === "proposal");
    expect(proposals.map(({ what }) => what)).toContain("stickers");
    for (const each of proposals)
      expect(each).toMatchObject({ bytes: expect.any(Number), seconds: expect.any(Number) });
    expect((await machine.json(["choose", "list"])).result).toMatchObject({ choices: 0 });
    const accepted = await machine.json(["choose", "from", "phone", "--accept", "stickers"]);
    expect(accepted.result).toMatchObject({ chosen: [expect.any(String)] });
    const told = await machine.run(["backup", "phone", "--lang", "zh"]);
    expect(told.stderr).toContain("按你的选择");
  });

  test("is refused where nothing is named, or nothing is so called", async () => {
    expect((await machine.json(["choose", "add"])).result).toMatchObject({ code: "cli.usage" });
    expect((await machine.json(["choose", "add", "--files-over", "much"])).result).toMatchObject({
      code: "cli.usage",
    });
    expect((await machine.json(["choose", "add", "--chat-kind", "crowd"])).result).toMatchObject({
      code: "cli.usage",
    });
    expect((await machine.json(["choose", "remove", "nothing"])).result).toMatchObject({ code: "cli.usage" });
    const misspelt = await machine.run(["choose", "add", "--kind", "photo", "--lang", "zh"]);
    expect(misspelt.stderr).toMatch(/^--kind 可取以下值之一：text, .*\bimage\b.*。$/mu);
  });
});
