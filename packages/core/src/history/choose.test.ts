import { expect, test } from "vitest";
import { testPrimitives } from "../../testing/primitives.ts";
import { memoryFile } from "../formats/index.ts";
import { chatId, type Chat, type Message, type ReadEvent, type ReadMemory } from "../model/index.ts";
import { createVault, memoryStore, newestSnapshot } from "../vault/index.ts";
import { backup } from "./backup.ts";
import { newChoice, setChoices } from "./choose.ts";
import type { Memo } from "./intake/memory.ts";
import { restoredEvents } from "./restore.ts";
import { isOfMessage, type Choice } from "./state/choices.ts";
import { chatCollections } from "./state/chats.ts";
import { emptyContentRoot, emptyRoot, loadHistory } from "./state/state.ts";
import { proposalsFor, survey } from "./survey.ts";

const primitives = await testPrimitives();
const me = "test:user:me";

function chatOf(kind: "direct" | "group" | "channel", name: string): Chat {
  const id = chatId({ platform: "test", class: "group", nativeId: name });
  return { id, platform: "test", kind, title: name, own: [me] };
}

const [friend, group, channel] = [
  chatOf("direct", "mum"),
  chatOf("group", "junk"),
  chatOf("channel", "news"),
];

/** Three chats of ten messages, every third with a picture; in the group the owner is silent. */
function* events(): Generator<ReadEvent> {
  yield { type: "source", source: { format: "test", platform: "test" } };
  yield { type: "aside", what: "moments", files: 3, bytes: 300 };
  for (const [place, chat] of [friend, group, channel].entries()) {
    yield { type: "chat", chat };
    for (let i = 0; i < 10; i++) {
      const hasPicture = i % 3 === 0;
      const size = chat === group ? 2000 : 500;
      const message: Message = {
        chat: chat.id,
        kind: hasPicture ? "image" : "text",
        body: { text: `${chat.title} ${i}` },
        nativeIds: [{ scheme: "test", value: `${place}.${i}` }],
        order: String(i),
        time: { sent: 1_700_000_000_000 + i * 1000, precision: "s", zone: "utc" },
        direction: chat === friend && i % 2 === 0 ? "out" : "in",
        ...(hasPicture && { attachments: [{ state: "present", kind: "image" }] }),
      };
      const bytes = primitives.sha256(new TextEncoder().encode(`${place} ${i}`));
      const content = new Uint8Array(size).fill(bytes[0]!);
      content.set(bytes);
      const files = hasPicture ? [memoryFile(`${place}/${i}.jpg`, content)] : undefined;
      yield { type: "message", message, files };
    }
  }
}

/** A forgetful one tells everything each time, though it may pass over all of it. */
async function newPhone({ isForgetful = false } = {}) {
  const clock = { now: () => 1_790_000_000_000 };
  const options = { primitives, store: memoryStore(), clock, language: "en", deviceName: "test" } as const;
  const root = { emptyRoot, emptyContentRoot: emptyContentRoot(primitives) };
  const { vault } = await createVault({ ...options, ...root });
  let memo: Memo | undefined;
  const memos = {
    load: () => Promise.resolve(memo),
    save: (next: Memo | undefined) => Promise.resolve(void (memo = next)),
  };
  const newest = async () => loadHistory(vault, await newestSnapshot(vault));
  async function* read(memory?: ReadMemory): AsyncGenerator<ReadEvent> {
    memory?.keep("all");
    if (memory?.before === undefined || isForgetful) return yield* events();
    for (const event of events()) {
      if (event.type === "chat") yield event;
      if (event.type === "source") yield event;
      if (event.type !== "chat") continue;
      yield { type: "same", from: 1_700_000_000_000, until: 1_700_000_009_000, messages: 10 };
    }
  }
  return {
    backup: (fingerprint?: string) => backup(vault, { name: "phone", read, fingerprint }, { memos }),
    async choose(...choices: readonly Omit<Choice, "id">[]) {
      const history = await newest();
      await setChoices(
        history,
        choices.map((choice) => newChoice(history, choice)),
      );
    },
    async shown(): Promise<Map<string, Message[]>> {
      const chats = new Map<string, Message[]>();
      for await (const event of restoredEvents(await newest()))
        if (event.type === "message")
          chats.set(event.message.chat, [...(chats.get(event.message.chat) ?? []), event.message]);
      return chats;
    },
    newest,
  };
}

const states = (messages: readonly Message[] | undefined): string[] =>
  (messages ?? []).flatMap(({ attachments = [] }) => attachments.map(({ state }) => state));

test("what is chosen is left out, counted, and said by the proof; the rest is kept", async () => {
  const phone = await newPhone();
  await phone.choose(
    { what: "messages", chatKinds: ["channel"] },
    { what: "files", chats: [group.id] },
    { what: "messages", chats: [friend.id], kinds: ["image"], until: 1_700_000_003_000 },
  );
  const { leftOut, proof, asides } = await phone.backup();
  expect(leftOut).toMatchObject([
    { messages: 10, files: 4, bytes: 2000 },
    { messages: 0, files: 4, bytes: 8000 },
    { messages: 1, files: 1, bytes: 500 },
  ]);
  expect(asides).toEqual([{ what: "moments", files: 3, bytes: 300 }]);
  expect(proof.leftOut).toMatchObject([
    { what: "messages", chatKinds: ["channel"], messages: 10 },
    { what: "files", files: 4 },
    { messages: 1 },
  ]);
  const shown = await phone.shown();
  expect([...shown.keys()].sort()).toEqual([friend.id, group.id].sort());
  expect(shown.get(friend.id)).toHaveLength(9);
  expect(states(shown.get(group.id))).toEqual(Array(4).fill("omitted"));
  expect(states(shown.get(friend.id))).toEqual(Array(3).fill("present"));
  // A chat of which nothing is kept is no empty chat in the vault.
  expect(chatCollections(await phone.newest())).toHaveLength(2);
});

test("a message of which nobody knows the time is of no span of time", () => {
  const choice = { id: "a", what: "messages" } as const;
  const time = { sent: 0, precision: "none", zone: "unknown" } as const;
  expect(isOfMessage({ ...choice, until: 1_700_000_000_000 }, { kind: "text", time })).toBe(false);
  expect(isOfMessage({ ...choice, from: -1 }, { kind: "text", time })).toBe(false);
  expect(isOfMessage(choice, { kind: "text", time })).toBe(true);
});

test("what the vault holds stays, rings no alarm, and is not doubled, when it is left out later", async () => {
  const phone = await newPhone();
  await phone.backup();
  const before = await phone.shown();
  await phone.choose({ what: "messages", chatKinds: ["channel"] }, { what: "files", chatKinds: ["group"] });
  const { shrink, chats } = await phone.backup();
  expect(shrink).toBeUndefined();
  expect(chats.map(({ added, gone }) => [added, gone.length])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(await phone.shown()).toEqual(before);
});

test("what was left out comes in once it is chosen no more, though nothing changed in the source", async () => {
  const phone = await newPhone();
  await phone.choose({ what: "messages", chatKinds: ["channel"] }, { what: "files", overBytes: 1000 });
  await phone.backup("same");
  await phone.backup("same");
  expect((await phone.backup("same")).isUnchanged).toBe(true);
  await phone.choose();
  await phone.backup("same");
  const shown = await phone.shown();
  expect(shown.get(channel.id)).toHaveLength(10);
  expect(states(shown.get(group.id))).toEqual(Array(4).fill("present"));
  expect(shown.get(group.id)).toHaveLength(10);
});

test("a source where nothing changed says what was left out of it before", async () => {
  const phone = await newPhone();
  await phone.choose({ what: "messages", chatKinds: ["channel"] });
  await phone.backup();
  const again = await phone.backup();
  expect(again.leftOut).toMatchObject([{ messages: 10, files: 4, bytes: 2000 }]);
  expect(again.proof.leftOut).toMatchObject([{ messages: 10 }]);
});

test("what is told again, though it was passed over before, is counted once", async () => {
  const phone = await newPhone({ isForgetful: true });
  await phone.choose({ what: "messages", chatKinds: ["channel"] }, { what: "files", chats: [group.id] });
  const { leftOut } = await phone.backup();
  expect(leftOut).toMatchObject([{ messages: 10 }, { files: 4 }]);
  expect((await phone.backup()).leftOut).toEqual(leftOut);
  expect((await phone.backup()).leftOut).toEqual(leftOut);
});

test("a survey counts what would be kept, and proposes what could be left out, the largest first", async () => {
  const found = await survey(events() as never);
  expect(
    found.chats.map(({ title, messages, files, bytes, own }) => [title, messages, files, bytes, own]),
  ).toEqual([
    ["mum", 10, 4, 2000, 5],
    ["junk", 10, 4, 8000, 0],
    ["news", 10, 4, 2000, 0],
  ]);
  expect(proposalsFor(found)).toMatchObject([
    {
      what: "silentGroups",
      messages: 0,
      files: 4,
      bytes: 8000,
      choice: { what: "files", chats: [group.id] },
    },
    { what: "pushes", messages: 10, files: 4, bytes: 2000 },
  ]);
  const choices = [{ id: "a", what: "messages", chatKinds: ["channel"] } as const];
  const less = await survey(events() as never, { choices });
  expect(less.leftOut).toEqual([{ choice: "a", messages: 10, files: 4, bytes: 2000 }]);
  expect(proposalsFor(less).map(({ what }) => what)).toEqual(["silentGroups"]);
});
