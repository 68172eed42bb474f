import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Vault } from "../../packages/core/src/vault/index.ts";
import { openVault } from "../../packages/core/src/vault/index.ts";
import {
  answerEnrolment,
  awaitOldDevice,
  offerEnrolment,
  serverStore,
  type Offer,
} from "../../packages/core/src/client/index.ts";
import { nodePrimitives as primitives } from "../../packages/core/src/platform/node/index.ts";
import { openByDevice, openByWords, vaultIn } from "../../packages/core/testing/stores/attacked-vault.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";

const clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
let server: TestServer;
beforeAll(async () => void (server = await startTestServer({}, clock)));
afterAll(() => server[Symbol.asyncDispose]());

/** A member with a vault that is open by its words on a device that may write. */
async function oldDevice() {
  const member = await server.newMember();
  const serverVault = await member.newVault();
  const made = await vaultIn(primitives, serverStore({ connection: member.connection, vault: serverVault }));
  const { vault } = await openByWords(made);
  const { device } = (await openByDevice(made)).vault;
  return { made, member, serverVault, vault: { ...vault, device } };
}

type Old = Awaited<ReturnType<typeof oldDevice>>;

const offer = (): Promise<Offer> => offerEnrolment(server.connection, "phone");
const answer = (
  { vault, member, serverVault }: Pick<Old, "vault" | "member" | "serverVault">,
  code: string,
) => answerEnrolment(vault, member.connection, { code, serverVault });
const codeIs = (code: string) => ({ code });

describe("a new device", () => {
  test("shows a code, is confirmed by six digits, and opens the vault and a session of its own", async () => {
    const old = await oldDevice();
    const shown = await offer();
    const [newSide, oldSide] = await Promise.all([awaitOldDevice(shown), answer(old, shown.code)]);
    expect(newSide.digits).toMatch(/^\d{6}$/);
    expect(oldSide.digits).toBe(newSide.digits);
    const [changed, enrolled] = await Promise.all([oldSide.confirm(), newSide.letIn()]);
    const connection = server.connection.with(enrolled.membership);
    const store = serverStore({ connection, vault: enrolled.serverVault });
    const secret = { kind: "device", ...enrolled.deviceKey } as const;
    const { vault, snapshot } = await openVault({
      primitives,
      store,
      clock,
      secret,
      anchor: enrolled.anchor,
    });
    expect(snapshot.root).toEqual({ n: 0 });
    expect(vault.device?.writer).toBe(1);
    expect(changed.document.devices).toHaveLength(2);
    const { devices } = await connection.call("GET /v1/devices");
    expect(devices.map(({ way, platform }) => `${way} ${platform}`).sort()).toEqual([
      "enrolled phone",
      "sign-up cli",
    ]);
    const { events } = await old.member.connection.call("GET /v1/events");
    expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["enrol-approved", "enrolled"]));
    expect(await server.server.db.query.selectFrom("enrolment").selectAll().execute()).toEqual([]);
    // Replayed, the code and what was said lead nowhere.
    await expect(answer(old, shown.code)).rejects.toMatchObject(codeIs("enrol.gone"));
    const params = { box: shown.box };
    const again = shown.connection.call("POST /v1/enrol/{box}/collect", { params });
    await expect(again).rejects.toMatchObject(codeIs("enrol.gone"));
  });

  test("cannot be let in by a device's own key, and the code is not used up by trying", async () => {
    const { made, member, serverVault, vault } = await oldDevice();
    const shown = await offer();
    const byDevice: Vault = (await openByDevice(made)).vault;
    await expect(answer({ vault: byDevice, member, serverVault }, shown.code)).rejects.toMatchObject(
      codeIs("keys.no-authority"),
    );
    const [newSide, oldSide] = await Promise.all([
      awaitOldDevice(shown),
      answer({ vault, member, serverVault }, shown.code),
    ]);
    expect(newSide.digits).toBe(oldSide.digits);
    await oldSide.refuse();
    await expect(newSide.letIn()).rejects.toMatchObject(codeIs("enrol.gone"));
  });
});

describe("A11 an attacker", () => {
  test("who was quicker with the code has it alone, and the person is told", async () => {
    const [old, thief] = [await oldDevice(), await oldDevice()];
    const shown = await offer();
    const [, stolen] = await Promise.all([awaitOldDevice(shown), answer(thief, shown.code)]);
    await expect(answer(old, shown.code)).rejects.toMatchObject(codeIs("enrol.taken"));
    expect(stolen.digits).toMatch(/^\d{6}$/);
  });

  test("who relays between the two shows other digits on each side", async () => {
    const [old, relay] = [await oldDevice(), await oldDevice()];
    const [real, faked] = [await offer(), await offer()];
    const [newSide, oldSide] = await Promise.all([
      awaitOldDevice(real),
      answer(old, faked.code),
      answer(relay, real.code),
      awaitOldDevice(faked),
    ]);
    expect(newSide.digits).not.toBe(oldSide.digits);
  });

  test("who is the server and changes what one says is found out by the other", async () => {
    const old = await oldDevice();
    const changes = [
      { column: "hello", field: "nonce", value: "00".repeat(32) },
      { column: "reveal", field: "boxKey", value: "00".repeat(1216) },
      { column: "reveal", field: "nonce", value: "00".repeat(32) },
      { column: "reveal", field: "signature", value: "00".repeat(64) },
    ] as const;
    for (const { column, field, value } of changes) {
      const shown = await offer();
      const lie = lieAbout(column, { [field]: value });
      const [, oldSide] = await Promise.allSettled([awaitOldDevice(shown), answer(old, shown.code)]);
      lie.mockRestore();
      expect(oldSide).toMatchObject({ status: "rejected", reason: codeIs("enrol.altered") });
      await expect(answer(old, shown.code)).rejects.toMatchObject(codeIs("enrol.gone"));
    }
  });

  test("who has a picture of the code has nothing to speak with, and no secret in it", async () => {
    const shown = await offer();
    for (const seed of [shown.deviceSeed, shown.boxSeed, shown.nonce])
      expect(shown.code).not.toContain(Buffer.from(seed).toString("base64url"));
    const params = { box: shown.box };
    const strange = server.connection.with({ token: "", deviceSeed: primitives.random(32) });
    for (const ask of [
      () => strange.call("GET /v1/enrol/{box}/new", { params }),
      () => strange.call("POST /v1/enrol/{box}/reveal", { params, body: { reveal: "AA" } }),
      () => strange.call("POST /v1/enrol/{box}/collect", { params }),
    ])
      await expect(ask()).rejects.toMatchObject(codeIs("member.bad-proof"));
    const said = server.connection.call("POST /v1/enrol/{box}/hello", { params, body: { hello: "AA" } });
    await expect(said).rejects.toMatchObject(codeIs("member.no-session"));
  });

  test("who comes after two minutes finds nothing, and whoever was logged out lets nobody in", async () => {
    const old = await oldDevice();
    const shown = await offer();
    clock.aheadMs += 121_000;
    await expect(answer(old, shown.code)).rejects.toMatchObject(codeIs("enrol.gone"));
    const late = await offer();
    const [newSide, oldSide] = await Promise.all([awaitOldDevice(late), answer(old, late.code)]);
    await oldSide.confirm();
    await logOut(old.member);
    await expect(newSide.letIn()).rejects.toMatchObject(codeIs("enrol.gone"));
    for (const code of ["", "keepsake-enrol:1 x y z", shown.code.replace("http", "https")])
      await expect(answer(old, code)).rejects.toMatchObject(codeIs("enrol.no-code"));
  });
});

/** The server tells one of the two something else than the other said. */
function lieAbout(column: "hello" | "reveal", fields: Readonly<Record<string, string>>) {
  const plain = globalThis.fetch;
  return vi.spyOn(globalThis, "fetch").mockImplementation(async (...given) => {
    const response = await plain(...given);
    if (!/\/v1\/enrol\/[0-9a-v]{26}(?:\/new)?$/.test(response.url) || !response.ok) return response;
    const text = await response.text();
    const told = JSON.parse(text === "" ? "{}" : text) as Record<string, unknown>;
    const said = told[column];
    if (typeof said !== "string" || said === "") return new Response(text || null, response);
    const honest = JSON.parse(Buffer.from(said, "base64url").toString()) as object;
    const lie = Buffer.from(JSON.stringify({ ...honest, ...fields })).toString("base64url");
    return Response.json({ ...told, [column]: lie });
  });
}

async function logOut({ connection, membership }: Member): Promise<void> {
  await connection.call("DELETE /v1/devices/{id}", { params: { id: membership.session } });
}
