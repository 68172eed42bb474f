import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../packages/core/src/base/index.ts";
import { Connection, signUp, type Membership } from "../../packages/core/src/client/index.ts";
import { loadOpaque, newDevice } from "../../packages/core/src/client/member.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { serve, type Serving } from "../../packages/server/src/serve.ts";

/** A server of one's own on embedded parts, in a folder that goes with it. */
export interface TestServer extends Serving, AsyncDisposable {
  readonly folder: string;
  /** What it has logged. */
  readonly logged: object[];
  readonly connection: Connection;
  /** A new member, logged in on one device. One with a name can log in again by the `password`; one without cannot. */
  readonly newMember: (name?: string) => Promise<Member>;
  /** One who may do what operators do. */
  readonly newOperator: () => Promise<Member>;
}

/** A member with one device. */
export interface Member {
  readonly membership: Membership & { readonly name: string };
  readonly connection: Connection;
  /** An empty vault of the member's. */
  readonly newVault: () => Promise<string>;
}

export const password = "a long enough password";

export async function startTestServer(
  settings: Readonly<Record<string, string>> = {},
  clock?: Clock,
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-server-"));
  const logged: object[] = [];
  const environment = {
    KEEPSAKE_DATA: folder,
    KEEPSAKE_PORT: "0",
    KEEPSAKE_SIGN_UP: "open",
    KEEPSAKE_WEB: "",
    // Tests ask more of one address than people do.
    KEEPSAKE_REQUESTS_PER_ADDRESS: "100000",
    KEEPSAKE_REQUESTS_PER_MEMBER: "100000",
    ...settings,
  };
  const log = (event: object): void => void logged.push(event);
  const serving = await serve(parseConfig(environment), {
    log,
    ...(clock === undefined ? {} : { clock }),
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const connection = new Connection({
    url: serving.url,
    primitives: nodePrimitives,
    ...(clock === undefined ? {} : { clock }),
  });
  return {
    ...serving,
    folder,
    logged,
    connection,
    newMember: (name) => newMember(connection, name),
    async newOperator() {
      const operator = await newMember(connection, undefined);
      await serving.server.db.query
        .updateTable("member")
        .set({ isOperator: 1 })
        .where("id", "=", operator.membership.member)
        .execute();
      return operator;
    },
    async [Symbol.asyncDispose]() {
      await serving.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function newMember(open: Connection, name: string | undefined): Promise<Member> {
  const membership =
    name === undefined ? await signUpQuickly(open) : await signUp(open, { name, password, platform: "cli" });
  const connection = open.with(membership);
  return {
    membership,
    connection,
    newVault: async () => (await connection.call("POST /v1/vaults")).vault,
  };
}

/** Becomes a member by a password that nobody knows, and that costs nothing: most of a sign-up is its stretching. */
async function signUpQuickly(open: Connection): Promise<Membership & { readonly name: string }> {
  const opaque = await loadOpaque();
  const { clientRegistrationState, registrationRequest } = opaque.startRegistration({ password: "" });
  const begun = await open.call("POST /v1/sign-up/start", { body: { registrationRequest } });
  const { name, ticket, registration, registrationResponse } = begun;
  const { registrationRecord } = opaque.finishRegistration({
    password: "",
    clientRegistrationState,
    registrationResponse,
    keyStretching: { "argon2id-custom": { iterations: 1, memory: 8, parallelism: 1 } },
  });
  const { deviceSeed, device, signed } = await newDevice(open, "cli");
  const body = { ticket, registration, registrationRecord, device };
  return { ...(await signed.call("POST /v1/sign-up/finish", { body })), deviceSeed, name };
}
