import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  addContact,
  logIn,
  serverStore,
  signUp,
  Connection,
  type Contact,
} from "../../packages/core/src/client/index.ts";
import { loadOpaque, newDevice } from "../../packages/core/src/client/member.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { someBytes } from "../../packages/core/testing/stores/conformance.ts";
import { reconcileNames } from "../../packages/server/src/cells/reconcile.ts";
import { cellOfNames } from "../../packages/server/src/gateway/directory/names.ts";
import { nameIndex } from "../../packages/server/src/members/names.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { serve } from "../../packages/server/src/serve.ts";
import { startMailSink } from "../../packages/server/testing/mail.ts";
import { newMachine } from "../cli-process.ts";
import { canariesOf, searchFolders } from "./canaries.ts";
import { freePort } from "../../packages/server/src/free-port.ts";
import { cellOf, cellsKey, startCells, type CellsOptions, type TestCells } from "./cells.ts";
import { ServerProgram } from "./process.ts";
import { password } from "./serving.ts";

const platform = "web";
const opaque = await loadOpaque();
const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };

async function cellsForTest(options: CellsOptions = {}): Promise<TestCells> {
  clock.aheadMs = 0;
  const cells = await startCells({ clock, ...options });
  onTestFinished(() => cells[Symbol.asyncDispose]());
  return cells;
}

const login = ({ connection }: Pick<TestCells, "connection">, name: string) =>
  logIn(connection, { name, password, platform });

describe("a lone server", () => {
  test("grows into a cell behind a gateway: sessions, tickets and ids from before are good", async () => {
    const cells = await cellsForTest({ areStarted: false });
    const { KEEPSAKE_CELLS: _cells, KEEPSAKE_CELLS_KEY: _key, ...alone } = cells.settingsOf(0);
    const before = await serve(parseConfig({ ...alone, KEEPSAKE_PORT: "0" }), {
      log: () => undefined,
      clock,
    });
    const open = new Connection({ url: before.url, primitives: nodePrimitives, clock });
    const member = await signUp(open, { name: "was-here", password, platform });
    const { vault } = await open.with(member).call("POST /v1/vaults");
    await serverStore({ connection: open.with(member), vault }).put("packs/a", someBytes(1000));
    const { clientLoginState, startLoginRequest } = opaque.startLogin({ password });
    const body = { name: "was-here", startLoginRequest };
    const { ticket, loginResponse } = await open.call("POST /v1/login/start", { body });
    const { box } = await (async () => {
      const { device, signed } = await newDevice(open, platform);
      return signed.call("POST /v1/enrol", { body: { device } });
    })();
    await before.stop();

    for (const cell of [0, 1]) await cells.startCell(cell);
    const connection = cells.connection.with(member);
    expect(await serverStore({ connection, vault }).get("packs/a")).toEqual(someBytes(1000));
    const { finishLoginRequest } = opaque.finishLogin({ clientLoginState, loginResponse, password })!;
    const { device, signed } = await newDevice(cells.connection, platform);
    const finished = await signed.call("POST /v1/login/finish", {
      body: { ticket, finishLoginRequest, device },
    });
    expect(finished.member).toBe(member.member);
    await connection.call("POST /v1/enrol/{box}/hello", { params: { box }, body: { hello: "AA" } });
    // Its names come to the directory by themselves.
    await expect
      .poll(
        () =>
          login(cells, "was-here").then(
            (found) => found.member,
            () => "",
          ),
        { timeout: 10_000 },
      )
      .toBe(member.member);
    await expect(cells.memberIn(1, "was-here")).rejects.toMatchObject({ code: "member.taken" });
    expect(cellOf((await cells.memberIn(1)).membership)).toBe(1);
  });

  test("and a cell refuse the database of another cell, and a cell without secrets does not start", async () => {
    const cells = await cellsForTest();
    await cells.stopCell(1);
    const other = { ...cells.settingsOf(0), KEEPSAKE_DATA: join(cells.folder, "cell1"), KEEPSAKE_PORT: "0" };
    const starting = (settings: Readonly<Record<string, string>>) =>
      serve(parseConfig(settings), { log: () => undefined });
    await expect(starting(other)).rejects.toMatchObject({
      code: "server.wrong-cell",
      details: { cell: 1, asked: 0 },
    });
    const fresh = { ...cells.settingsOf(1), KEEPSAKE_DATA: join(cells.folder, "fresh") };
    const missing = { ...fresh, KEEPSAKE_SECRETS_FILE: join(cells.folder, "missing.json") };
    await expect(starting(missing)).rejects.toMatchObject({ code: "server.bad-secrets" });
  });
});

describe("the directory", () => {
  test("frees a name that a cell claimed before it was killed, and the name is had by trying again", async () => {
    const cells = await cellsForTest({ weights: { 0: 0 } });
    await cells.stopCell(1);
    const claims = Promise.withResolvers<void>();
    // The claim is done; the cell never hears of it.
    const between = createServer((request: IncomingMessage, response) => {
      void text(request).then(async (body) => {
        const { method = "POST", url = "", headers } = request;
        const own = {
          "content-type": "application/json",
          "keepsake-cells-key": String(headers["keepsake-cells-key"]),
        };
        const answer = await fetch(cells.gateway.directory + url, { method, headers: own, body });
        if (!url.endsWith("/claim")) return response.writeHead(answer.status).end(await answer.text());
        await program.end("SIGKILL");
        return claims.resolve();
      });
    }).listen(0, "127.0.0.1");
    await once(between, "listening");
    onTestFinished(() => {
      between.closeAllConnections();
      between.close();
    });
    const directory = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    const program = new ServerProgram({ ...cells.settingsOf(1), KEEPSAKE_DIRECTORY: directory });
    await program.start();
    const killed = signUp(cells.connection, { name: "killed", password, platform });
    await expect(killed).rejects.toMatchObject({ code: "server.cell-away" });
    await claims.promise;
    const { server: one } = await cells.startCell(1);
    const { server: zero } = cells.serving(0);
    const index = nameIndex(zero.secrets, "killed");
    expect(await cellOfNames(cells.gateway, [index])).toBe(1);
    await expect(cells.memberIn(0, "killed")).rejects.toMatchObject({ code: "member.taken" });
    expect(await reconcileNames(one)).toMatchObject({ released: 0 });
    const again = await signUp(cells.connection, { name: "killed", password, platform });
    expect(cellOf(again)).toBe(1);

    await one.cells.directory.claim([nameIndex(one.secrets, "never-used")]);
    clock.aheadMs += 11 * 60_000;
    expect(await reconcileNames(one)).toMatchObject({ released: 1, claimed: 0, elsewhere: 0 });
    await cells.memberIn(0, "never-used");
    expect((await login(cells, "killed")).member).toBe(again.member);
  });

  test("comes back from the cells when it is lost, and says loudly what two of them have", async () => {
    const cells = await cellsForTest();
    const names = Array.from({ length: 3 }, (_, number) => `somebody-${number}`);
    for (const name of names) for (const cell of [0, 1]) await cells.memberIn(cell, `${name}-${cell}`);
    const { db } = cells.gateway;
    await db.query.deleteFrom("directoryName").execute();
    for (const cell of [0, 1])
      expect(await reconcileNames(cells.serving(cell).server)).toEqual({
        names: 3,
        claimed: 3,
        released: 0,
        elsewhere: 0,
      });
    for (const name of names)
      for (const cell of [0, 1]) expect(cellOf(await login(cells, `${name}-${cell}`))).toBe(cell);

    const { server } = cells.serving(0);
    const nameIndexed = nameIndex(server.secrets, "somebody-0-0");
    await db.query
      .updateTable("directoryName")
      .set({ cell: 1 })
      .where("nameIndex", "=", nameIndexed)
      .execute();
    expect(await reconcileNames(server)).toMatchObject({ names: 3, claimed: 0, elsewhere: 1 });
    expect(cells.logged).toContainEqual({ event: "names-in-two-cells", names: 1 });
    expect(await cellOfNames(cells.gateway, [nameIndexed])).toBe(1);
  });

  test("that is away stops nobody but who signs up", async () => {
    const cells = await cellsForTest({ settings: { KEEPSAKE_DIRECTORY: "http://127.0.0.1:1" } });
    const away = { code: "server.cell-away" };
    await expect(cells.memberIn(0, "somebody")).rejects.toMatchObject(away);
    expect((await cells.connection.call("GET /v1/server")).protocol).toBe(1);
  });
});

describe("as programs", () => {
  /** A gateway as its own process, before cells of this one. */
  async function gatewayProgram(cells: TestCells) {
    const metrics = `127.0.0.1:${await freePort()}`;
    const program = new ServerProgram({
      ...cells.settingsOf(0),
      KEEPSAKE_GATEWAY_DATA: join(cells.folder, "gateway-process"),
      KEEPSAKE_GATEWAY_PORT: "0",
      KEEPSAKE_GATEWAY_DIRECTORY: "127.0.0.1:0",
      KEEPSAKE_GATEWAY_METRICS: metrics,
    });
    const url = await program.start("gateway");
    onTestFinished(() => program.end("SIGKILL"));
    const number = async (name: string): Promise<number> => {
      const all = await (await fetch(`http://${metrics}/metrics`)).text();
      return Number(new RegExp(`^${name} (.*)$`, "m").exec(all)?.[1]);
    };
    return { program, url, number };
  }

  test("gateway and command line keep a vault in a cell; 20 MB go through in little memory; nothing is given away", async () => {
    const mail = await startMailSink();
    onTestFinished(() => mail[Symbol.asyncDispose]());
    const cells = await cellsForTest({
      settings: { KEEPSAKE_MAIL_SERVER: mail.url, KEEPSAKE_MAIL_FROM: "keepsake@example.org" },
    });
    const { program, url, number } = await gatewayProgram(cells);
    const machine = await newMachine({ KEEPSAKE_LOGIN_PASSWORD: password });
    onTestFinished(() => machine[Symbol.asyncDispose]());
    await machine.makeExport("phone", { seed: "cells", messages: 200, chats: 2, attachmentBytes: 200_000 });
    await machine.run(["init", "vault", "--kit-file", "kit.txt"]);
    await machine.run(["backup", "phone", "--name", "phone"]);
    expect((await machine.json(["login", url, "--sign-up"])).result).toMatchObject({ ok: true });
    expect((await machine.json(["copy", "--to", url])).result).toMatchObject({ ok: true });
    expect((await machine.json(["check", "--store", url])).result).toMatchObject({ ok: true });

    const member = await cells.memberIn(1, "canary-of-a-name");
    const contact: Contact = { kind: "email", to: "canary-of-a-contact@example.org" };
    const code = async (): Promise<string> => {
      await expect.poll(() => mail.mails.length, { timeout: 10_000 }).toBeGreaterThan(0);
      return mail.mails[0]!.text.slice(0, 6);
    };
    await addContact(member.connection, contact, code);
    const connection = new Connection({ url, primitives: nodePrimitives }).with(member.membership);
    const vault = await member.newVault();
    const store = serverStore({ connection, vault });
    const put = (count: number) => store.put(`packs/p${count}`, someBytes(20_000_000, count));
    await put(0);
    const before = await number("process_resident_memory_bytes");
    for (let count = 1; count <= 8; count++) await put(count);
    expect((await number("process_resident_memory_bytes")) - before).toBeLessThan(80_000_000);
    expect(await number(String.raw`keepsake_gateway_answers_total\{cell="1",status="2xx"\}`)).toBeGreaterThan(
      4,
    );

    await program.end("SIGTERM");
    expect(program.said).toMatch(/"event":"listening".*"role":"gateway".*"event":"stopped"/s);
    const canaries = canariesOf({
      name: "canary-of-a-name",
      contact: contact.to,
      password,
      key: cellsKey,
      token: member.membership.token,
      member: member.membership.member,
    });
    const { hits, files } = await searchFolders(canaries, [
      join(cells.folder, "gateway"),
      join(cells.folder, "gateway-process"),
    ]);
    expect(files).toBeGreaterThan(1);
    expect(hits).toEqual([]);
    for (const said of [program.said, JSON.stringify(cells.gatewayLogged)])
      for (const forms of canaries.values())
        for (const { bytes } of forms) expect(said.includes(bytes.toString("latin1"))).toBe(false);
  }, 120_000);

  test("doctor of a cell says whether the directory and the other cells answer and take the key", async () => {
    const cells = await cellsForTest();
    const lines = async (change: Readonly<Record<string, string>> = {}): Promise<readonly string[]> => {
      const program = new ServerProgram({ ...cells.settingsOf(0), ...change });
      await program.verb("doctor");
      return program.said.split("\n").filter((line) => /directory|cells/.test(line.slice(0, 12)));
    };
    expect(await lines()).toEqual([expect.stringMatching(/^✓ directory/), expect.stringMatching(/^✓ cells/)]);
    expect(await lines({ KEEPSAKE_CELLS_KEY: "y".repeat(40) })).toEqual([
      expect.stringMatching(/^✗ directory.*KEEPSAKE_CELLS_KEY/),
      expect.stringMatching(/^✗ cells.*: 1$/),
    ]);
  });
});
