import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newMachine, type Ended, type Machine } from "./cli-process.ts";

/** Planted in a chat's text, a name, a title, a password and the names of folders; it must not be in any error. */
const marker = "Zauberwort";

let machine: Machine & AsyncDisposable;
let words: string[];
beforeAll(async () => {
  machine = await newMachine();
  await mkdir(machine.path(marker));
  await writeFile(machine.path(marker, "password"), `${marker} ${marker} open\n`);
  await machine.run(["init", vault, "--kit-file", "kit.txt", "--new-password-file", `${marker}/password`]);
  await writeFile(machine.path(marker, "result.json"), JSON.stringify(telegramExport()));
  await machine.run(["backup", marker, "--name", marker]);
  words = [...(await readFile(machine.path("kit.txt"), "utf8")).matchAll(/^ ?\d+\. (\w+)$/gm)].map(
    (match) => match[1]!,
  );
}, 60_000);
afterAll(async () => machine?.[Symbol.asyncDispose]());

const vault = `vault-${marker}`;

function telegramExport(): object {
  const message = {
    id: 1,
    type: "message",
    date: "2024-05-01T10:00:00",
    date_unixtime: "1714557600",
    from: marker,
    from_id: "user7",
    text: `${marker} says`,
    photo: `${marker}.jpg`,
  };
  return {
    name: marker,
    type: "personal_chat",
    id: 7,
    messages: [message, { ...message, id: 2, date_unixtime: "x", text: [{ type: 5 }] }],
  };
}

/** Everything that an ended command says of what went wrong. */
function said({ stderr, events }: Ended): string {
  const told = events.filter(({ type }) =>
    ["start", "result", "finding", "progress", "stage"].includes(type),
  );
  return stderr + JSON.stringify(told);
}

const failing: readonly (readonly [args: readonly string[], env?: Readonly<Record<string, string>>])[] = [
  [["show", marker + marker]],
  [["search", "x", "--chat", `${marker}-none`]],
  [["search", "x", "--by", `${marker}-none`]],
  [["chats", "--store", `${marker}-none`]],
  [["chats", "--words-file", `${marker}-none`]],
  [["chats"], { KEEPSAKE_WORDS: `${marker} and so on` }],
  [["chats"], { KEEPSAKE_PASSWORD: `${marker} wrong` }],
  [["backup", `${marker}-none`]],
  [["backup", marker, "--format", marker]],
  [["backup", marker, `--${marker}`]],
  [[marker]],
  [["init", marker, "--kit-file", "k.txt"]],
  [["init", "new", "--kit-file", `${marker}-none/kit.txt`]],
  [["restore", marker]],
  [["export", marker, "--format", "chatlab"]],
  [["copy", "--to", `${marker}/password/x`]],
  [["repair", "--from", `${marker}-none`]],
  [
    ["keys", "password", "--new-password-file", `${marker}-none`],
    { KEEPSAKE_PASSWORD: `${marker} ${marker} open` },
  ],
  [["forget", "--chat", `${marker}-none`]],
  [["diff", marker]],
];

for (const [args, env] of failing) {
  test.concurrent(
    `nothing of the person is in what is said when it fails: ${args.join(" ").replaceAll(marker, "…")}`,
    async () => {
      const told = await machine.run(args, env === undefined ? {} : { env });
      expect(told.exit).not.toBe(0);
      expect(told.stdout + told.stderr).not.toContain(marker);
      const json = await machine.json(args, env === undefined ? {} : { env });
      expect(json.exit).toBe(told.exit);
      expect(said(json)).not.toContain(marker);
    },
    30_000,
  );
}

test("a store that is damaged is not told with the person's words", { timeout: 30_000 }, async () => {
  const folder = machine.path(vault, "packs");
  for (const name of await readdir(folder)) {
    const bytes = await readFile(machine.path(vault, "packs", name));
    await writeFile(machine.path(vault, "packs", name), bytes.fill(1, 40, 400));
  }
  for (const args of [
    ["chats"],
    ["check"],
    ["backup", marker],
    ["restore", "out"],
    ["undo", "--yes"],
    ["doctor"],
  ]) {
    const json = await machine.json(args);
    expect(json.exit).not.toBe(0);
    expect(said(json)).not.toContain(marker);
    expect(json.result["code"]).not.toBe("base.unexpected");
  }
});

test(
  "words and passwords are in nothing that the program writes but the kit",
  { timeout: 30_000 },
  async () => {
    const secret = words.slice(0, 4).join(" ");
    const outputs = [
      await machine.json(["keys", "list"]),
      await machine.json(["doctor"]),
      await machine.json(["chats"], { env: { KEEPSAKE_WORDS: words.join(" ") } }),
    ];
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(secret);
    const files = await readdir(machine.path("config"), { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile())) {
      const content = await readFile(`${file.parentPath}/${file.name}`, "latin1");
      expect(content).not.toContain(words[0]! + words[1]!);
      expect(content).not.toContain(`${marker} ${marker}`);
    }
  },
);
