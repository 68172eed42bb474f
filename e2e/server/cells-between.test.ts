import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answerEnrolment,
  awaitOldDevice,
  Connection,
  offerEnrolment,
  offerHelp,
  serverStore,
  setFamily,
  takeHelp,
  type Offer,
} from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { openVault, wordsToSeed, type Vault } from "../../packages/core/src/vault/index.ts";
import { openByDevice, openByWords, vaultIn } from "../../packages/core/testing/stores/attacked-vault.ts";
import { callPart } from "../../packages/server/src/cells/call.ts";
import { cellOfId } from "../../packages/server/src/cells/tags.ts";
import { parseGatewayConfig } from "../../packages/server/src/gateway/config.ts";
import { serveGateway } from "../../packages/server/src/gateway/serve.ts";
import { beginClosing, stepClosings } from "../../packages/server/src/members/closing/closing.ts";
import { removeClosed } from "../../packages/server/src/members/closing/remove.ts";
import { stepWaits } from "../../packages/server/src/recovery/family.ts";
import { startTlsFront, testCertificate } from "../../packages/server/testing/tls.ts";
import { cellsKey, startCells, type TestCells } from "./cells.ts";
import type { Member } from "./serving.ts";

const DAY_MS = 24 * 60 * 60_000;
/** As much of a wait as a step counts at most. */
const STEP_MS = 20 * 60_000;
const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
let cells: TestCells;
// What cells ask of each other goes over the network between them: here with TLS, in the other files without.
beforeAll(async () => void (cells = await startCells({ cells: [0, 1, 2], clock, isTls: true })));
afterAll(() => cells[Symbol.asyncDispose]());

async function memberWithVault(cell: number) {
  const member = await cells.memberIn(cell);
  const serverVault = await member.newVault();
  const store = serverStore({ connection: member.connection, vault: serverVault });
  return { member, store, serverVault, made: await vaultIn(primitives, store) };
}

/** A device that may let others in. */
async function oldDevice(cell: number) {
  const { member, serverVault, made } = await memberWithVault(cell);
  const { vault } = await openByWords(made);
  const { device } = (await openByDevice(made)).vault;
  return { member, serverVault, vault: { ...vault, device } as Vault };
}

/** A code of a new device whose mailbox lies in a cell: any cell may be the one. */
async function offerIn(cell: number): Promise<Offer> {
  for (;;) {
    const offer = await offerEnrolment(cells.connection, "phone");
    if (cellOfId(offer.box) === cell) return offer;
  }
}

const answer = (old: Awaited<ReturnType<typeof oldDevice>>, code: string) =>
  answerEnrolment(old.vault, old.member.connection, { code, serverVault: old.serverVault });

describe("a new device", () => {
  test.each([
    [0, 1],
    [1, 0],
  ])("that shows a code of cell %i is let in by a device of cell %i", async (boxCell, cell) => {
    const old = await oldDevice(cell);
    const shown = await offerIn(boxCell);
    const [newSide, oldSide] = await Promise.all([awaitOldDevice(shown), answer(old, shown.code)]);
    expect(oldSide.digits).toBe(newSide.digits);
    const [, enrolled] = await Promise.all([oldSide.confirm(), newSide.letIn()]);
    expect(enrolled.membership.member).toBe(old.member.membership.member);
    const connection = cells.connection.with(enrolled.membership);
    const store = serverStore({ connection, vault: enrolled.serverVault });
    const secret = { kind: "device", ...enrolled.deviceKey } as const;
    await openVault({ primitives, store, clock, secret, anchor: enrolled.anchor });
    // What was said leads nowhere any more, in either cell.
    await expect(answer(old, shown.code)).rejects.toMatchObject({ code: "enrol.gone" });
    const params = { box: shown.box };
    const again = shown.connection.call("POST /v1/enrol/{box}/collect", { params });
    await expect(again).rejects.toMatchObject({ code: "enrol.gone" });
  });

  test("that two devices of different cells come to at once is the first one's", async () => {
    const olds = await Promise.all([oldDevice(0), oldDevice(1), oldDevice(2)]);
    for (const boxCell of [0, 1]) {
      const { box, code } = await offerIn(boxCell);
      expect(code).toContain(box);
      const hellos = olds.map(({ member }) =>
        member.connection.call("POST /v1/enrol/{box}/hello", { params: { box }, body: { hello: "AA" } }),
      );
      const settled = await Promise.allSettled(hellos);
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const each of settled)
        if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "enrol.taken" });
    }
  });

  test("is refused by a device of another cell, and its code is used up", async () => {
    const old = await oldDevice(1);
    const shown = await offerIn(0);
    const [newSide, oldSide] = await Promise.all([awaitOldDevice(shown), answer(old, shown.code)]);
    await oldSide.refuse();
    await expect(newSide.letIn()).rejects.toMatchObject({ code: "enrol.gone" });
  });

  test("whose cell is away is told so to both", async () => {
    const old = await oldDevice(1);
    const shown = await offerIn(2);
    await cells.stopCell(2);
    const away = { code: "server.cell-away" };
    await expect(answer(old, shown.code)).rejects.toMatchObject(away);
    await expect(awaitOldDevice(shown)).rejects.toMatchObject(away);
    await cells.startCell(2);
    const [newSide] = await Promise.all([awaitOldDevice(shown), answer(old, shown.code)]);
    expect(newSide.digits).toMatch(/^\d{6}$/);
  });
});

describe("a family slot", () => {
  /** Somebody of one cell, a helper of another. */
  async function family(ownerCell: number, helperCell: number) {
    const [owner, helper] = [await memberWithVault(ownerCell), await memberWithVault(helperCell)];
    const card = await offerHelp(helper.made.vault, helper.member.connection, helper.member.membership);
    const { vault } = await setFamily(owner.made.vault, owner.member.connection, { card, waitDays: 7 });
    const { share } = vault.document.slots.find(({ kind }) => kind === "family")!.family!;
    const take = () => takeHelp(helper.made.vault, helper.member.connection, { share, language: "zh" });
    return { owner, helper, card, vault, share, take };
  }
  const start = ({ connection }: Member, share: string) =>
    connection.call("POST /v1/family/{share}/start", { params: { share } });
  const sharesOf = async (connection: Connection) => (await connection.call("GET /v1/family")).shares;
  const kindsOf = async ({ connection }: Member): Promise<readonly string[]> =>
    (await connection.call("GET /v1/events")).events
      .map(({ kind }) => kind)
      .filter((kind) => kind.startsWith("family"));
  const pass = async (cell: number, ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      clock.aheadMs += STEP_MS;
      await stepWaits(cells.serving(cell).server);
    }
  };

  test.each([
    [0, 1],
    [1, 0],
  ])(
    "of cell %i opens after a week of notices for a helper of cell %i",
    async (ownerCell, helperCell) => {
      const { owner, helper, share, take } = await family(ownerCell, helperCell);
      const line = { share, helper: helper.member.membership.member, waitDays: 7 };
      expect(await sharesOf(helper.member.connection)).toMatchObject([
        { ...line, isOwn: false, state: "kept", member: owner.member.membership.member },
      ]);
      await expect(take()).rejects.toMatchObject({ code: "family.waiting", details: { days: 7 } });
      await start(helper.member, share);
      await pass(ownerCell, 7 * DAY_MS - STEP_MS);
      await expect(take()).rejects.toMatchObject({ code: "family.waiting", details: { days: 1 } });
      await pass(ownerCell, 2 * STEP_MS);
      const seed = await wordsToSeed((await take()).join(""));
      const { vault } = await openVault({
        primitives,
        store: owner.store,
        clock,
        secret: { kind: "family", seed },
      });
      expect(vault.authoritySeed).toBeDefined();
      expect(await sharesOf(owner.member.connection)).toMatchObject([
        { ...line, isOwn: true, state: "released" },
      ]);
      expect((await kindsOf(owner.member)).slice(0, 2)).toEqual(["family-set", "family-started"]);
      expect((await kindsOf(owner.member)).at(-1)).toBe("family-released");
    },
    30_000,
  );

  test("is ended by its owner alone, and forgotten where its helper is once it is gone", async () => {
    const { owner, helper, share, take } = await family(0, 1);
    await start(helper.member, share);
    const veto = ({ connection }: Member) =>
      connection.call("POST /v1/family/{share}/veto", { params: { share } });
    await expect(veto(helper.member)).rejects.toMatchObject({ code: "family.unknown" });
    await veto(owner.member);
    await expect(take()).rejects.toMatchObject({ code: "family.waiting", details: { state: "kept" } });
    const stranger = await cells.memberIn(1);
    await expect(start(stranger, share)).rejects.toMatchObject({ code: "family.unknown" });
    await owner.member.connection.call("DELETE /v1/family/{share}", { params: { share } });
    await expect(start(helper.member, share)).rejects.toMatchObject({ code: "family.unknown" });
    clock.aheadMs += 11 * 60_000;
    expect(await sharesOf(helper.member.connection)).toEqual([]);
    const { query } = cells.serving(1).server.db;
    const left = query.selectFrom("familyHelp").select("share").where("share", "=", share);
    expect(await left.execute()).toEqual([]);
  });

  test("whose cell is away is told so, and nothing of it is forgotten", async () => {
    const { owner, helper, share, card } = await family(0, 2);
    clock.aheadMs += 11 * 60_000;
    await cells.stopCell(0);
    const away = { code: "server.cell-away" };
    await expect(sharesOf(helper.member.connection)).rejects.toMatchObject(away);
    await expect(start(helper.member, share)).rejects.toMatchObject(away);
    await cells.startCell(0);
    expect(await sharesOf(helper.member.connection)).toMatchObject([{ share, state: "kept" }]);
    await cells.stopCell(2);
    const again = setFamily(owner.made.vault, owner.member.connection, { card, waitDays: 7 });
    await expect(again).rejects.toMatchObject(away);
    await cells.startCell(2);
  });

  test("goes when its helper leaves the server, and its owner hears of it", async () => {
    const { owner, helper } = await family(0, 1);
    const { server } = cells.serving(1);
    const { member } = helper.member.membership;
    const closing = { member, by: "operator", session: "", cell: 1 } as const;
    await server.db.transaction((query) => beginClosing(query, clock.now(), closing));
    for (let passed = 0; passed <= 7 * DAY_MS; passed += STEP_MS) {
      clock.aheadMs += STEP_MS;
      await stepClosings(server);
    }
    const isThere = async (): Promise<boolean> => {
      await removeClosed(server);
      const row = server.db.query.selectFrom("member").select("id").where("id", "=", member);
      return (await row.executeTakeFirst()) !== undefined;
    };
    await cells.stopCell(0);
    expect(await isThere()).toBe(true);
    await cells.startCell(0);
    await expect.poll(isThere, { timeout: 10_000 }).toBe(false);
    expect(await sharesOf(owner.member.connection)).toEqual([]);
    expect((await kindsOf(owner.member)).at(-1)).toBe("family-removed");
  });

  test("is shown and opened by no cell that speaks for another's members", async () => {
    const { helper, share } = await family(0, 1);
    const { cells: others } = cells.serving(2).server;
    const given = { helper: helper.member.membership.member };
    for (const verb of ["start", "release", "gone"])
      await expect(others.ask(0, `family-shares/${share}/${verb}`, given)).rejects.toMatchObject({
        code: "family.unknown",
      });
    await expect(others.ask(0, "family-shares", { ...given, shares: [share] })).rejects.toMatchObject({
      code: "family.unknown",
    });
  });
});

describe("a certificate that nobody vouches for", () => {
  test("is no cell: the key of the cells is not shown to it, and the cell is told to be away", async () => {
    const { settingsOf, urlOf, tlsCounts, memberIn } = cells;
    const { membership } = await memberIn(2);
    // All that went before went over TLS: to each of the cells and to the directory.
    expect(tlsCounts().filter((count) => count > 0)).toHaveLength(4);
    await using stranger = await startTlsFront(1, testCertificate("elsewhere"));
    const moved = settingsOf(0)["KEEPSAKE_CELLS"]!.replace(urlOf(2), `https://localhost:${stranger.port}`);
    const logged: object[] = [];
    const gateway = await serveGateway(
      parseGatewayConfig({
        ...settingsOf(0),
        KEEPSAKE_CELLS: moved,
        KEEPSAKE_GATEWAY_DATA: join(cells.folder, "gateway-astray"),
        KEEPSAKE_GATEWAY_PORT: "0",
        KEEPSAKE_GATEWAY_DIRECTORY: "127.0.0.1:0",
      }),
      { clock, log: (event) => void logged.push(event) },
    );
    const connection = new Connection({ url: gateway.url, primitives }).with(membership);
    await expect(connection.call("GET /v1/member")).rejects.toMatchObject({ code: "server.cell-away" });
    expect(logged).toContainEqual({ event: "cell-away", cell: 2 });
    const asked = callPart([`https://localhost:${stranger.port}`], {
      key: cellsKey,
      method: "GET",
      path: "/v1/cell",
    });
    await expect(asked).rejects.toMatchObject({ code: "server.cell-away" });
    expect(stranger.count()).toBe(0);
    await gateway.stop();
  });
});
