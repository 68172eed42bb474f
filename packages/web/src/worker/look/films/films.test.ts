import { bytesToHex, type Bytes } from "@keepsake/core/base";
import { chatCollections, PART_BYTES } from "@keepsake/core/history";
import type { ReadEvent, SourceFile } from "@keepsake/core/model";
import { memoryStore } from "@keepsake/core/store";
import { newestSnapshot } from "@keepsake/core/vault";
import { expect, test } from "vitest";
import { randomOf } from "../../../../../core/testing/history/random.ts";
import { eventsFrom, vaultOf } from "../../../../../core/testing/history/vault.ts";
import type { FilmAnswer } from "../../../offline/names.ts";
import { Session } from "../../session.ts";
import { Films } from "./films.ts";
import { filmTypeOf } from "./type.ts";

const chat = "line:group:1";

function someFilm(length: number, head: string): Bytes {
  const random = randomOf("film", length);
  const bytes = Uint8Array.from({ length }, () => random.next());
  for (let i = 0; i < head.length; i++) bytes[i] = head.charCodeAt(i);
  return bytes;
}

const long = someFilm(PART_BYTES + 100_000, "\0\0\0\x18ftypisom");
const page = someFilm(3000, "<!doctype html><script>alert(1)</script>");

function sent(bytes: Bytes, i: number): ReadEvent {
  const file: SourceFile = {
    path: `${i}.mp4`,
    sizeBytes: bytes.length,
    // oxlint-disable-next-line typescript/require-await -- the port is asynchronous
    async *open() {
      yield bytes.slice();
    },
  };
  const attachments = [
    { kind: "video", state: "present", mime: "video/mp4", sizeBytes: bytes.length },
  ] as const;
  const time = { sent: 1_700_000_000_000 + i, precision: "ms", zone: "utc" } as const;
  return { type: "message", message: { chat, kind: "video", time, attachments }, files: [file] };
}

/** Films of an open history; `damage` alters what lies in its store. */
async function open(damage?: (bytes: Bytes) => void) {
  const session = new Session("http://keepsake.test");
  const primitives = await session.primitives();
  const events: readonly ReadEvent[] = [
    { type: "source", source: { format: "made", platform: "line" } },
    { type: "chat", chat: { id: chat, platform: "line", kind: "direct" } },
    ...[long, page].map(sent),
  ];
  const { vault } = await vaultOf(primitives, [["phone", () => eventsFrom(events)]]);
  const store = memoryStore();
  for await (const { name } of vault.store.list("")) {
    const bytes = (await vault.store.get(name))!.slice();
    if (bytes.length > PART_BYTES) damage?.(bytes);
    await store.put(name, bytes);
  }
  const own = { ...vault, store };
  const { history } = await session.show(own, await newestSnapshot(own), true);
  const [collection] = chatCollections(history);
  const films = new Films(session);
  const show = (bytes: Bytes): Promise<string | undefined> =>
    films.show(collection!, bytesToHex(primitives.sha256(bytes)));
  const ask = (film: string, range: string | null): Promise<FilmAnswer> => {
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      port1.addEventListener("message", ({ data }) => {
        port1.close();
        resolve(data as FilmAnswer);
      });
      port1.start();
      void films.answer({ film, range }, port2);
    });
  };
  return { session, films, show, ask };
}

/** The bytes of an answer, and where they begin. */
function told(answer: FilmAnswer): readonly [number, string] {
  if (answer.status !== 206) return [answer.status, ""];
  return [answer.start, bytesToHex(answer.bytes.subarray(0, 50)) + answer.bytes.length];
}

function expected(start: number, end: number): readonly [number, string] {
  return [start, bytesToHex(long.subarray(start, Math.min(end, start + 50))) + (end - start)];
}

test("a film is answered from where it is asked, and no further than its part goes", async () => {
  const { films, show, ask } = await open();
  const film = (await show(long))!;
  expect(film).toMatch(/^[0-9a-f]{64}$/);
  expect(await show(long)).not.toBe(film);
  expect(told(await ask(film, "bytes=0-"))).toEqual(expected(0, PART_BYTES));
  expect(told(await ask(film, "bytes=100-199"))).toEqual(expected(100, 200));
  expect(told(await ask(film, `bytes=${PART_BYTES - 5}-${PART_BYTES + 5}`))).toEqual(
    expected(PART_BYTES - 5, PART_BYTES),
  );
  expect(told(await ask(film, `bytes=${PART_BYTES}-`))).toEqual(expected(PART_BYTES, long.length));
  expect(told(await ask(film, "bytes=-70000"))).toEqual(expected(long.length - 70_000, long.length));
  expect(await ask(film, "bytes=0-1")).toMatchObject({ mime: "video/mp4", sizeBytes: long.length });
  for (const range of [null, "bytes=0-1,5-6", `bytes=${long.length}-`])
    expect(await ask(film, range)).toEqual({ status: 416, sizeBytes: long.length });
  await films.check(film);
});

test("what is no film gets no token, whatever its source calls it", async () => {
  const { show } = await open();
  expect(await show(page)).toBeUndefined();
  await expect(show(someFilm(10, "other"))).rejects.toMatchObject({ code: "web.no-file" });
});

test("a token is worth nothing once its film is gone or the history locked, not even amid an answer", async () => {
  const { session, films, show, ask } = await open();
  const [one, two] = [(await show(long))!, (await show(long))!];
  films.end(one);
  expect(await ask(one, "bytes=0-")).toEqual({ status: 404 });
  expect(await ask("", "bytes=0-")).toEqual({ status: 404 });
  expect((await ask(two, "bytes=0-")).status).toBe(206);
  const reading = ask(two, `bytes=${PART_BYTES}-`);
  session.lock();
  expect(await reading).toEqual({ status: 404 });
  expect(await ask(two, "bytes=0-")).toEqual({ status: 404 });
  await expect(show(long)).rejects.toMatchObject({ code: "web.locked" });
});

test("a damaged part gives no bytes, and the reason is told", async () => {
  const { films, show, ask } = await open((bytes) => {
    bytes[PART_BYTES + 60_000]! ^= 1;
  });
  const film = (await show(long))!;
  expect((await ask(film, "bytes=0-")).status).toBe(206);
  await films.check(film);
  expect(await ask(film, `bytes=${PART_BYTES}-`)).toEqual({ status: 503 });
  await expect(films.check(film)).rejects.toMatchObject({ code: "vault.corrupt" });
});

test("a film is known by its own bytes", () => {
  const heads: readonly (readonly [string, string | undefined])[] = [
    ["\0\0\0\x18ftypisom", "video/mp4"],
    ["\0\0\0\x14ftypqt  ", "video/quicktime"],
    ["\0\0\0\x08wide", "video/quicktime"],
    ["\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"],
    ["\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", "video/x-matroska"],
    ["\x1a\x45\xdf\xa3\x9f\x42\x82\x88anything", undefined],
    ["<html>ftypisom", undefined],
    ["", undefined],
  ];
  for (const [head, type] of heads)
    expect([head, filmTypeOf(Uint8Array.from(head, (letter) => letter.charCodeAt(0)))]).toEqual([head, type]);
});
