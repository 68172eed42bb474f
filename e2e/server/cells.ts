import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, type Clock } from "../../packages/core/src/base/index.ts";
import { Connection, signUp } from "../../packages/core/src/client/index.ts";
import { nodePrimitives } from "../../packages/core/src/platform/node/index.ts";
import { parseConfig } from "../../packages/server/src/config.ts";
import { parseGatewayConfig } from "../../packages/server/src/gateway/config.ts";
import { serveGateway, type RunningGateway } from "../../packages/server/src/gateway/serve.ts";
import { loadSecrets } from "../../packages/server/src/keys/secrets.ts";
import { invite } from "../../packages/server/src/members/invitations.ts";
import { commandLine } from "../../packages/server/src/operator/log.ts";
import { serve, type Serving } from "../../packages/server/src/serve.ts";
import { cellOfId } from "../../packages/server/src/cells/tags.ts";
import {
  startTlsFront,
  testCertificate,
  trustTestAuthority,
  type TlsFront,
} from "../../packages/server/testing/tls.ts";
import { password, type Member } from "./serving.ts";
import { freePort } from "../../packages/server/src/free-port.ts";

export const cellsKey = "a key that only cells and gateways know".replaceAll(" ", "-");

/** A gateway with cells behind it, in a folder that goes with them. */
export interface TestCells extends AsyncDisposable {
  readonly folder: string;
  readonly gateway: RunningGateway;
  /** As members reach them. */
  readonly connection: Connection;
  /** What gateway and cells have logged. */
  readonly logged: object[];
  /** What the gateway alone has logged. */
  readonly gatewayLogged: object[];
  /** The settings of a cell, as its process would have them. */
  readonly settingsOf: (cell: number) => Readonly<Record<string, string>>;
  readonly serving: (cell: number) => Serving;
  /** The address of a cell, which members do not know. */
  readonly urlOf: (cell: number) => string;
  /** How many connections were used between the parts, where these speak TLS. */
  readonly tlsCounts: () => readonly number[];
  readonly stopCell: (cell: number) => Promise<void>;
  readonly startCell: (cell: number) => Promise<Serving>;
  /** A new member of a cell. */
  readonly memberIn: (cell: number, name?: string) => Promise<Member>;
}

export interface CellsOptions {
  readonly cells?: readonly number[];
  readonly weights?: Readonly<Record<number, number>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly gatewaySettings?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Whether gateway, directory and cells speak TLS with each other. */
  readonly isTls?: boolean;
  /** Whether they are started; otherwise by `startCell`. */
  readonly areStarted?: boolean;
}

/** Addresses of ports of this machine: plain ones, or such with TLS in front, whose certificates this process takes. */
class Ways implements AsyncDisposable {
  readonly #trust: Disposable | undefined;
  readonly #fronts: TlsFront[] = [];

  constructor(isTls: boolean) {
    this.#trust = isTls ? trustTestAuthority() : undefined;
  }

  get counts(): readonly number[] {
    return this.#fronts.map(({ count }) => count());
  }

  async to(port: number): Promise<string> {
    if (this.#trust === undefined) return `http://127.0.0.1:${port}`;
    const front = await startTlsFront(port, testCertificate("here"));
    this.#fronts.push(front);
    return `https://localhost:${front.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const front of this.#fronts) await front[Symbol.asyncDispose]();
    this.#trust?.[Symbol.dispose]();
  }
}

export async function startCells(options: CellsOptions = {}): Promise<TestCells> {
  const { cells = [0, 1], gatewaySettings = {}, clock = systemClock, areStarted = true } = options;
  const folder = await mkdtemp(join(tmpdir(), "keepsake-cells-"));
  const [logged, gatewayLogged]: [object[], object[]] = [[], []];
  const ways = new Ways(options.isTls ?? false);
  const { ports, urls } = await placesOf(cells, ways);
  const shared = await sharedSettings({ folder, urls }, options.weights ?? {});
  const gateway = await serveGateway(
    parseGatewayConfig({
      ...shared,
      KEEPSAKE_GATEWAY_DATA: join(folder, "gateway"),
      KEEPSAKE_GATEWAY_PORT: "0",
      KEEPSAKE_GATEWAY_DIRECTORY: "127.0.0.1:0",
      KEEPSAKE_GATEWAY_STOP_MS: "2000",
      ...gatewaySettings,
    }),
    {
      clock,
      log: (event) => {
        logged.push(event);
        gatewayLogged.push(event);
      },
    },
  );
  const directory = await ways.to(Number(new URL(gateway.directory).port));
  const settingsOf = (cell: number): Readonly<Record<string, string>> => ({
    ...shared,
    KEEPSAKE_CELL: String(cell),
    KEEPSAKE_DIRECTORY: directory,
    KEEPSAKE_DATA: join(folder, `cell${cell}`),
    KEEPSAKE_PORT: String(ports.get(cell)),
    ...options.settings,
  });
  const running = new Map<number, Serving>();
  const startCell = async (cell: number): Promise<Serving> => {
    const log = (event: object): void => void logged.push(event);
    const serving = await serve(parseConfig(settingsOf(cell)), { log, clock });
    running.set(cell, serving);
    return serving;
  };
  const stopCell = async (cell: number): Promise<void> => {
    await running.get(cell)?.stop();
    running.delete(cell);
  };
  if (areStarted) for (const cell of cells) await startCell(cell);
  const connection = new Connection({ url: gateway.url, primitives: nodePrimitives, clock });
  const serving = (cell: number): Serving => running.get(cell)!;
  return {
    folder,
    gateway,
    connection,
    logged,
    gatewayLogged,
    settingsOf,
    serving,
    urlOf: (cell) => urls.get(cell)!,
    tlsCounts: () => ways.counts,
    stopCell,
    startCell,
    memberIn: (cell, name) => memberIn({ connection, serving: serving(cell) }, name),
    async [Symbol.asyncDispose]() {
      for (const cell of cells) await stopCell(cell);
      await gateway.stop();
      await ways[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** A port for each cell, and the address under which the others reach it. */
async function placesOf(cells: readonly number[], ways: Ways) {
  const [ports, urls] = [new Map<number, number>(), new Map<number, string>()];
  for (const cell of cells) {
    const port = await freePort();
    ports.set(cell, port);
    urls.set(cell, await ways.to(port));
  }
  return { ports, urls };
}

/** What all cells have, and of which the gateway takes its part. */
async function sharedSettings(
  { folder, urls }: { readonly folder: string; readonly urls: ReadonlyMap<number, string> },
  weights: Readonly<Record<number, number>>,
): Promise<Readonly<Record<string, string>>> {
  const secretsFile = join(folder, "secrets.json");
  await loadSecrets(secretsFile);
  const addresses = [...urls].map(([cell, url]) => `${cell}=${url}*${weights[cell] ?? 1}`);
  return {
    KEEPSAKE_CELLS: addresses.join(" "),
    KEEPSAKE_CELLS_KEY: cellsKey,
    KEEPSAKE_SECRETS_FILE: secretsFile,
    KEEPSAKE_BEHIND_PROXY: "yes",
    KEEPSAKE_GUARDS: "none",
    KEEPSAKE_SIGN_UP: "open",
    KEEPSAKE_STOP_MS: "2000",
    KEEPSAKE_REQUESTS_PER_ADDRESS: "100000",
    KEEPSAKE_REQUESTS_PER_MEMBER: "100000",
  };
}

/** Invitations say their cell. */
async function memberIn(
  { connection, serving }: { readonly connection: Connection; readonly serving: Serving },
  name: string | undefined,
): Promise<Member> {
  const given = { isOperator: false, quotaBytes: 1e9, days: 1 };
  const invitation = await invite(serving.server, commandLine, given);
  const membership = await signUp(connection, { name, password, invitation, platform: "cli" });
  const own = connection.with(membership);
  return {
    membership,
    connection: own,
    newVault: async () => (await own.call("POST /v1/vaults")).vault,
  };
}

/** The cell that a member is of. */
export function cellOf({ member }: { readonly member: string }): number {
  return cellOfId(member)!;
}
