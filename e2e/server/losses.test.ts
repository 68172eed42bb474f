import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  logIn,
  openGuarded,
  serverStore,
  setGuardedPassword,
  type Connection,
} from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { openVault, passkeySeed, putSlot, type Vault } from "../../packages/core/src/vault/index.ts";
import { openByDevice, openByWords, vaultIn } from "../../packages/core/testing/stores/attacked-vault.ts";
import { password as loginPassword, startTestServer, type Member, type TestServer } from "./serving.ts";

/*
 * What is left to a person who has lost two of five things. The password is that of the login and that of the vault,
 * which one remembers or forgets together. A number or a mailbox logs in by a reset, which reset.test.ts shows.
 */
type Thing = "phone" | "words" | "password" | "SIM" | "passkey";

/** The two that are lost; what still opens the vault, and what of it may change who opens it; what logs in by itself. */
const rows: readonly (readonly [
  lost: readonly [Thing, Thing],
  opens: string,
  changes: string,
  logsIn: string,
])[] = [
  [["phone", "words"], "password passkey", "password", "password"],
  [["phone", "password"], "words passkey", "words", ""],
  [["phone", "SIM"], "words password passkey", "words password", "password"],
  [["phone", "passkey"], "words password", "words password", "password"],
  [["words", "password"], "phone passkey", "", "phone"],
  [["words", "SIM"], "phone password passkey", "password", "phone password"],
  [["words", "passkey"], "phone password", "password", "phone password"],
  [["password", "SIM"], "phone words passkey", "words", "phone"],
  [["password", "passkey"], "phone words", "words", "phone"],
  [["SIM", "passkey"], "phone words password", "words password", "phone password"],
];

const clock = { now: () => Date.now() };
const secret = "tea for the vault";
const things: readonly Thing[] = ["phone", "words", "password", "SIM", "passkey"];
const name = "loser-of-things";

let server: TestServer;
let member: Member;
let made: Awaited<ReturnType<typeof vaultIn<ReturnType<typeof serverStore>>>>;
beforeAll(async () => {
  server = await startTestServer();
  member = await server.newMember(name);
  made = await vaultIn(
    primitives,
    serverStore({ connection: member.connection, vault: await member.newVault() }),
  );
  const { vault } = await setGuardedPassword(made.vault, member.connection, secret);
  const seed = passkeySeed(primitives, passkeyOutput, vault.id);
  const passkey = { credential: "aa", salt: "00".repeat(32) };
  await putSlot(vault, { kind: "passkey", seed, of: { passkey } });
});
afterAll(() => server[Symbol.asyncDispose]());

const passkeyOutput = new Uint8Array(32).fill(3);

/** A session that a thing gives by itself; undefined where it gives none. */
const logsIn: Readonly<Record<Thing, () => Promise<Connection | undefined>>> = {
  phone: () => Promise.resolve(member.connection),
  password: async () =>
    server.connection.with(
      await logIn(server.connection, { name, password: loginPassword, platform: "web" }),
    ),
  words: () => Promise.resolve(undefined),
  SIM: () => Promise.resolve(undefined),
  passkey: () => Promise.resolve(undefined),
};

/** The vault as a thing opens it, from whichever copy is at hand; undefined where it opens none. */
const opens: Readonly<Record<Thing, () => Promise<Vault | undefined>>> = {
  phone: async () => (await openByDevice(made)).vault,
  words: async () => (await openByWords(made)).vault,
  // One logs in with it first: the guards answer a full session alone.
  password: async () =>
    (
      await openGuarded((await logsIn.password())!, {
        primitives,
        store: made.store,
        clock,
        password: secret,
      })
    ).vault,
  passkey: async () => {
    const seedOf = (_slot: unknown, vaultId: typeof passkeyOutput) =>
      Promise.resolve(passkeySeed(primitives, passkeyOutput, vaultId));
    return (await openVault({ primitives, store: made.store, clock, secret: { kind: "passkey", seedOf } }))
      .vault;
  },
  SIM: () => Promise.resolve(undefined),
};

describe("who has lost", () => {
  test("any two of five things is in the table", () => {
    const pairs = things.flatMap((one, place) => things.slice(place + 1).map((other) => `${one} ${other}`));
    expect(rows.map(([lost]) => lost.join(" "))).toEqual(pairs);
  });

  test.each(rows)(
    "%s still opens the vault with: %s; may change keys with: %s; logs in with: %s",
    async (...row) => {
      const [lost, opened, changed, loggedIn] = row;
      const left = things.filter((thing) => !lost.includes(thing));
      const found = { opens: [] as Thing[], changes: [] as Thing[], logsIn: [] as Thing[] };
      for (const thing of left) {
        const vault = await opens[thing]();
        if (vault !== undefined) found.opens.push(thing);
        if (vault?.authoritySeed !== undefined) found.changes.push(thing);
        const session = await logsIn[thing]();
        if (session !== undefined && (await session.call("GET /v1/member")).member !== "")
          found.logsIn.push(thing);
      }
      expect([found.opens, found.changes, found.logsIn].map((each) => each.join(" "))).toEqual([
        opened,
        changed,
        loggedIn,
      ]);
    },
  );
});
