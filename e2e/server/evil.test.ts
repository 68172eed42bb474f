import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canonicalText, type ReadEvent } from "../../packages/core/src/model/index.ts";
import { KeepsakeError, systemClock } from "../../packages/core/src/base/index.ts";
import {
  checkReceipt,
  followReceipt,
  Connection,
  serverStore,
  type ReceiptAnchor,
} from "../../packages/core/src/client/index.ts";
import { check, copyTo, repair } from "../../packages/core/src/history/care.ts";
import {
  backup,
  emptyContentRoot,
  emptyRoot,
  loadHistory,
  restoredEvents,
} from "../../packages/core/src/history/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import type { Receipt } from "../../packages/core/src/protocol/index.ts";
import {
  allHeads,
  createVault,
  memoryStore,
  openVault,
  type Anchor,
  type DeviceKey,
  type Store,
  type Vault,
} from "../../packages/core/src/vault/index.ts";
import { findObject } from "../../packages/server/src/vaults/objects.ts";
import { madeHistory } from "../../packages/core/testing/history/index.ts";
import { evilServer, honest, withBody, type EvilServer } from "./evil-server.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";

/*
 * The attacks of SECURITY.md that a malicious server can try: our real server, behind somebody who alters, drops,
 * repeats and invents what goes over the line, against the client as people run it.
 */

const notFound = JSON.stringify({ code: "request.not-found", retry: "never" });
const life = { seed: "evil", messages: 400, chats: 3, attachmentBytes: 300_000 };

let server: TestServer;
let evil: EvilServer;
let member: Member;
let receiptKey: string;
beforeAll(async () => {
  server = await startTestServer();
  evil = await evilServer(server.url);
  member = await server.newMember();
  ({ receiptKey } = await server.connection.call("GET /v1/server"));
});
afterAll(async () => {
  await evil[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => void (evil.malice = honest));

interface Device {
  readonly store: Store;
  readonly vault: Vault;
  readonly key: DeviceKey;
  readonly id: string;
}

const connection = () => new Connection({ url: evil.url, primitives, credentials: member.membership });

function storeAt(id: string): Store {
  let anchor: ReceiptAnchor | undefined;
  const onReceipt = async (receipt: Receipt): Promise<void> => {
    anchor = followReceipt(await checkReceipt(primitives, { receipt, receiptKey, vault: id }), anchor);
  };
  return serverStore({ connection: connection(), vault: id, onReceipt });
}

/** A vault of some history, made through the proxy while it was honest. */
async function newDevice(): Promise<Device> {
  const id = await member.newVault();
  const store = storeAt(id);
  const made = { primitives, store, clock: systemClock, language: "en", deviceName: "a" } as const;
  const { vault, deviceKey } = await createVault({
    ...made,
    emptyRoot,
    emptyContentRoot: emptyContentRoot(primitives),
  });
  await add({ vault }, {});
  return { store, vault, key: deviceKey, id };
}

const add = ({ vault }: Pick<Device, "vault">, more: object) =>
  backup(vault, { name: "phone", read: () => madeHistory({ ...life, ...more }) as AsyncIterable<ReadEvent> });

async function open({ key, id }: Device, anchor?: Anchor) {
  const secret = { kind: "device", ...key } as const;
  return openVault({ primitives, store: storeAt(id), clock: systemClock, secret, anchor });
}

/** A second copy, in memory: it opens by itself, and heals the one on the server. */
async function secondCopy(device: Device) {
  const { vault, snapshot } = await open(device);
  const second = memoryStore();
  await copyTo(await loadHistory(vault, snapshot), second);
  return { second, vault: { ...vault, store: second } };
}

/** Everything that the vault shows; a finding is something that it does not show. */
async function shown(device: Device): Promise<readonly string[]> {
  const { vault, snapshot } = await open(device);
  const texts: string[] = [];
  for await (const event of restoredEvents(await loadHistory(vault, snapshot)))
    if (event.type === "message") texts.push(canonicalText(event.message));
  return texts.sort();
}

const anchorOf = async (device: Device): Promise<Anchor> => {
  const { snapshot } = await open(device);
  return { number: snapshot.head.number, hash: snapshot.head.hash };
};

const isGet = (path: string, folder: string): boolean => path.includes(`/objects/${folder}/`);
const isList = (path: string): boolean => path.includes("/objects?");

test("A15 bits flipped, bodies cut, lengthened, or of another page: nothing wrong is ever shown", async () => {
  const device = await newDevice();
  const truth = new Set(await shown(device));
  const damages: readonly ((body: Buffer) => Uint8Array)[] = [
    (body) => body.map((byte, i) => (i === Math.floor(body.length / 3) ? byte ^ 4 : byte)),
    (body) => body.map((byte, i) => (i === body.length - 2 ? byte ^ 128 : byte)),
    (body) => body.subarray(0, body.length - 7),
    (body) => Buffer.concat([body, body.subarray(0, 100)]),
    () => Buffer.from("<html>504 gateway timeout</html>"),
    () => Buffer.alloc(0),
  ];
  for (const folder of ["packs", "slots", "heads"]) {
    for (const damage of damages) {
      let seen = 0;
      evil.malice = async ({ path, method }, ask) => {
        const answer = await ask();
        return method === "GET" && isGet(path, folder) && ++seen % 3 === 1
          ? withBody(answer, damage(answer.body))
          : answer;
      };
      const texts = await shown(device).catch((error: unknown) => {
        expect(KeepsakeError.is(error)).toBe(true);
        return [];
      });
      expect(texts.filter((text) => !truth.has(text))).toEqual([]);
    }
  }
}, 120_000);

test("A16, A17 objects that are swapped or planted are not taken for what they are not", async () => {
  const [ours, theirs] = [await newDevice(), await newDevice()];
  const truth = new Set(await shown(ours));
  evil.malice = async ({ path, method }, ask) => {
    const answer = await ask();
    if (method !== "GET" || !isGet(path, "packs")) return answer;
    // Whatever pack is asked for, another vault's, of the same server and the same member, comes.
    const [other] = await packsOf(theirs.id);
    const bytes = await serverStore({ connection: member.connection, vault: theirs.id }).get(other!);
    return withBody(answer, bytes!.subarray(0, answer.body.length));
  };
  const texts = await shown(ours).catch(() => []);
  expect(texts.filter((text) => !truth.has(text))).toEqual([]);
  evil.malice = honest;
  const planted = "packs/00000000000000000000000000";
  await serverStore({ connection: member.connection, vault: ours.id }).put(planted, primitives.random(4096));
  const { vault, snapshot } = await open(ours);
  const result = await check(await loadHistory(vault, snapshot), { level: "full" });
  expect(result).toMatchObject({ damages: [], unknownPacks: [planted.slice("packs/".length)] });
});

async function packsOf(vault: string): Promise<string[]> {
  const names: string[] = [];
  const store = serverStore({ connection: member.connection, vault });
  for await (const { name } of store.list("packs/")) names.push(name);
  return names;
}

describe("somebody on the way", () => {
  test("cannot put other bytes under a device's signature", async () => {
    const vault = await member.newVault();
    evil.malice = ({ path, method }, ask) => {
      if (method !== "PUT" || !isGet(path, "packs")) return ask();
      const body = Buffer.from("other bytes of the same length.");
      return ask({ body, headers: { "keepsake-sha256": primitives.sha256Text(body.toString()) } });
    };
    const put = storeAt(vault).put("packs/a", new Uint8Array(Buffer.from("the bytes that the member sends")));
    await expect(put).rejects.toMatchObject({ code: "member.bad-proof" });
    expect(await packsOf(vault)).toEqual([]);
  });

  test("cannot make a device send what it likes where it likes", async () => {
    const vault = await member.newVault();
    const reached: string[] = [];
    await using other = await evilServer(evil.url);
    other.malice = async ({ method, path }) => {
      reached.push(`${method} ${path}`);
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    };
    const bytes = primitives.random(300_000);
    const ways = [
      { method: "POST", url: `${other.url}/door`, headers: {} },
      { method: "PUT", url: `${other.url}/door`, headers: { authorization: "Basic YWRtaW46YWRtaW4=" } },
      { method: "PUT", url: other.url.replace("127.0.0.1", "192.0.2.1"), headers: {} },
      { method: "PUT", url: "file:///etc/passwd", headers: {} },
    ];
    for (const [i, way] of ways.entries()) {
      evil.malice = async ({ method, path }, ask) => {
        const answer = await ask();
        if (method !== "POST" || !path.endsWith("/uploads")) return answer;
        const { uploads, taken } = JSON.parse(answer.body.toString()) as {
          uploads: object[];
          taken: string[];
        };
        return withBody(answer, { uploads: uploads.map((upload) => ({ ...upload, ...way })), taken });
      };
      const store = serverStore({ connection: connection(), vault, isDirect: true });
      expect(await store.put(`packs/p${i}`, bytes)).toBe("stored");
    }
    expect(reached).toEqual([]);
  });
});

describe("a server that lies about versions", () => {
  test("A19, A21 is found out where it shows an older one, or hides one", async () => {
    const device = await newDevice();
    await add(device, { day2: { messages: 30 } });
    const anchor = await anchorOf(device);
    evil.malice = async ({ path }, ask) => {
      const answer = await ask();
      if (!isList(path) || !path.includes("heads")) return answer;
      const page = JSON.parse(answer.body.toString()) as { objects: object[]; isEnd: boolean };
      return withBody(answer, { ...page, objects: page.objects.slice(0, -1) });
    };
    await expect(open(device, anchor)).rejects.toMatchObject({ code: "vault.rolled-back" });
    // Without an anchor, after total loss, the older version opens: its date and counts are what is left to compare.
    expect((await open(device)).snapshot.head.number).toBeLessThan(anchor.number);
  });

  test("A20 is found out where it showed two devices two stories, once they meet", async () => {
    const device = await newDevice();
    const fork = await member.newVault();
    const { vault, snapshot } = await open(device);
    const copy = serverStore({ connection: member.connection, vault: fork });
    await copyTo(await loadHistory(vault, snapshot), copy);
    await add(device, { day2: { messages: 10 } });
    const anchor = await anchorOf(device);
    // The other device was shown the fork all along, and writes there.
    evil.malice = async (_, ask) => ask();
    const there = { ...device, id: fork };
    const opened = await open(there);
    await add({ vault: opened.vault }, { day2: { messages: 20 } });
    await expect(open(there, anchor)).rejects.toMatchObject({ code: "vault.rolled-back" });
  });

  test("signs for it: receipts that go back, repeat a number or break the chain are refused", async () => {
    const device = await newDevice();
    const receipts: Receipt[] = [];
    evil.malice = async ({ path, method }, ask) => {
      const answer = await ask();
      if (method !== "PUT" || !isGet(path, "heads")) return answer;
      const told = JSON.parse(answer.body.toString()) as { receipt: Receipt };
      receipts.push(told.receipt);
      // The receipt of the version before, for this one.
      return receipts.length === 1 ? answer : withBody(answer, { ...told, receipt: receipts[0] });
    };
    const store = storeAt(device.id);
    const vault = { ...device.vault, store };
    await add({ vault }, { day2: { messages: 5 } });
    const refused = { code: "server.bad-receipt" };
    await expect(add({ vault }, { day2: { messages: 9 } })).rejects.toMatchObject(refused);
    evil.malice = async ({ path, method }, ask) => {
      const answer = await ask();
      return method === "PUT" && isGet(path, "heads") ? withBody(answer, { outcome: "stored" }) : answer;
    };
    await expect(add({ vault }, { day2: { messages: 12 } })).rejects.toMatchObject(refused);
  });
});

describe("a server that does not keep what it took", () => {
  test.each(["packs", "heads", "slots"])(
    "is found out before a backup counts as done: %s",
    async (folder) => {
      const id = await member.newVault();
      const store = storeAt(id);
      evil.malice = async ({ path, method }, ask) =>
        method === "PUT" && isGet(path, folder)
          ? {
              status: 200,
              headers: { "content-type": "application/json" },
              body: Buffer.from('{"outcome":"stored"}'),
            }
          : ask();
      const made = { primitives, store, clock: systemClock, language: "en", deviceName: "a" } as const;
      const failure = await createVault({
        ...made,
        emptyRoot,
        emptyContentRoot: emptyContentRoot(primitives),
      }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(KeepsakeError.is(failure)).toBe(true);
    },
  );

  test("that loses a pack later is found out by the next check, and the rest is shown", async () => {
    const device = await newDevice();
    const truth = await shown(device);
    const old = await oldKeyPacks(device);
    for (const pack of (await packsOf(device.id)).filter((each) => !old.has(each))) {
      evil.malice = async ({ path, method }, ask) =>
        method === "GET" && path.includes(pack)
          ? { status: 404, headers: {}, body: Buffer.from(notFound) }
          : ask();
      const checked = await fullCheck(device).catch((error: unknown) => error);
      // A vault that does not open without it says so.
      if (KeepsakeError.is(checked)) expect(checked.code).toBe("store.not-found");
      else expect(checked).not.toEqual([]);
      const texts = await shown(device).catch(() => []);
      expect(texts.filter((text) => !truth.includes(text))).toEqual([]);
    }
  });
});

/** Packs of key directories that a newer one has taken the place of: nobody needs them. */
async function oldKeyPacks(device: Device): Promise<ReadonlySet<string>> {
  const { vault } = await open(device);
  const packs: string[] = [];
  for await (const { directory } of allHeads(vault)) packs.push(`packs/${directory[0]}`);
  return new Set(packs.slice(1));
}

describe("a server that gives no token, an old one, or a wrong one for the keys of a vault", () => {
  const refused = { code: "server.bad-key-token" };

  test.each(["no", "an old", "an invented", "a malformed"])(
    "%s: nothing opens, and it is said what to do",
    async (kind) => {
      const device = await newDevice();
      const old = await tokenOfKeys(device);
      await add(device, { day2: { messages: 20 } });
      const truth = await shown(device);
      evil.malice = async ({ path, method }, ask) => {
        const answer = await ask();
        const { "keepsake-key-token": token, ...headers } = answer.headers;
        if (method !== "GET" || !isGet(path, "packs") || token === undefined) return answer;
        const given = { no: undefined, "an old": old, "an invented": "A".repeat(43), "a malformed": "?" }[
          kind
        ];
        return {
          ...answer,
          headers: given === undefined ? headers : { ...headers, "keepsake-key-token": given },
        };
      };
      const failure: unknown = await open(device).catch((error: unknown) => error);
      expect(failure).toMatchObject(refused);
      evil.malice = honest;
      expect(await shown(device)).toEqual(truth);
    },
  );

  test("a directory wrapped under another token, or put without one, opens nowhere and is healed by another copy", async () => {
    const device = await newDevice();
    const truth = await shown(device);
    const { second, vault } = await secondCopy(device);
    const pack = `packs/${(await open(device)).snapshot.head.directory[0]}`;
    const plain = second.objects.get(pack)!;
    const raw = serverStore({ connection: member.connection, vault: device.id });
    for (const holdsKeys of [false, true]) {
      await raw.remove(pack);
      // With a token it is one of another pack's bytes: what a server can make of a pack that it may not read.
      await raw.put(pack, holdsKeys ? primitives.random(plain.length) : plain, { holdsKeys });
      await expect(open(device)).rejects.toMatchObject(refused);
      const healed = await repair({ ...vault, store: storeAt(device.id) }, second);
      expect(healed.healedHere).toContain(pack.slice("packs/".length));
      expect(await shown(device)).toEqual(truth);
      expect(await fullCheck(device)).toEqual([]);
    }
    // From the server alone, by the token that came with the healing, and nothing of it lies open there.
    const [stored] = await storedBytes(device.id, pack);
    expect(Buffer.from(stored!).equals(plain)).toBe(false);
  });

  test("a head whose keys came without a token is not taken", async () => {
    const device = await newDevice();
    const store = storeAt(device.id);
    const bare: Store = {
      ...store,
      put: (name, bytes, more = {}) => store.put(name, bytes, { ...more, holdsKeys: false }),
    };
    await expect(
      add({ vault: { ...device.vault, store: bare } }, { day2: { messages: 5 } }),
    ).rejects.toMatchObject(refused);
    expect((await shown(device)).length).toBeGreaterThan(0);
  });
});

/** The token of the newest key directory, as the server gives it. */
async function tokenOfKeys(device: Device): Promise<string> {
  const name = `packs/${(await open(device)).snapshot.head.directory[0]}`;
  const found = await findObject(server.server, { vault: device.id, name });
  return Buffer.from(found!.token!).toString("base64url");
}

/** The bytes of an object as they lie on the server. */
async function storedBytes(vault: string, name: string): Promise<readonly Uint8Array[]> {
  const found = await findObject(server.server, { vault, name });
  const stream = await found!.read({ offset: 0, length: found!.sizeBytes });
  return [await buffer(stream)];
}

async function fullCheck(device: Device): Promise<readonly unknown[]> {
  const { vault, snapshot } = await open(device);
  return (await check(await loadHistory(vault, snapshot), { level: "full" })).damages;
}

test("a list that goes round for ever, or in no order, is not followed", async () => {
  const device = await newDevice();
  evil.malice = async ({ path }, ask) => {
    const answer = await ask();
    return isList(path)
      ? withBody(answer, { ...(JSON.parse(answer.body.toString()) as object), isEnd: false })
      : answer;
  };
  let pages = 0;
  const counting = evil.malice;
  evil.malice = (asked, ask) => (isList(asked.path) && ++pages > 3 ? honestList(ask) : counting(asked, ask));
  const honestList = async (ask: () => Promise<Awaited<ReturnType<typeof counting>>>) =>
    withBody(await ask(), { objects: [{ name: "heads/0000000001", sizeBytes: 1 }], isEnd: false });
  await expect(open(device)).rejects.toMatchObject({ code: "store.unavailable" });
});
