import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { accessSync, constants, existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../packages/server/src/free-port.ts";

interface S3Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An S3 service of this machine, where the owner of a key may do everything with buckets that it makes. */
export interface S3Service {
  /** By address; the service knows itself as `localhost` too, where buckets may stand before that name. */
  readonly endpoint: string;
  readonly region: string;
  readonly owner: S3Key;
  /** Somebody else's key, which may do what a bucket's policy lets it do. */
  readonly guest: S3Key;
}

/** One Ceph node with its S3 gateway, on the loopback alone, all in a temporary folder. Disposing of it ends it. */
export interface Ceph extends AsyncDisposable {
  readonly service: S3Service;
  /** Ends every process at once, as a power cut would, but for what the system holds in memory. */
  kill(): Promise<void>;
  /** Starts again what was killed; returns once the gateway answers. */
  start(): Promise<void>;
}

/** A part that tests want is there, or in one sentence why it is not. */
type Missing = { readonly missing: string };

const programs = ["ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin"];
const packages = ["radosgw", "ceph-mon", "ceph-osd", "ceph-mgr", "ceph-common"];
/** Where a running service is handed over to the tests, as JSON. */
const HANDED_OVER = "KEEPSAKE_TEST_S3";
const REGION = "default";
const ANSWER_WITHIN_MS = 90_000;
const BLOCK_BYTES = 20 * 2 ** 30;

/** Whether tests that want an S3 service can run here. */
export function hasS3Service(): boolean {
  return process.env[HANDED_OVER] !== undefined || programs.every(isInstalled);
}

/** Debian's packages where they are missing and may be installed; undefined where all is there then. */
export function installCeph(): Missing | undefined {
  if (programs.every(isInstalled)) return undefined;
  const isRoot = process.getuid?.() === 0;
  const isCi = !["", "false"].includes(process.env["CI"] ?? "");
  if (!existsSync("/etc/debian_version") || (!isRoot && !isCi))
    return { missing: `it needs Debian's packages ${packages.join(", ")}, and root to install them` };
  const apt = (...args: string[]): boolean => {
    const [command = "", ...rest] = [...(isRoot ? [] : ["sudo", "-n"]), "apt-get", "-qq", ...args];
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    return spawnSync(command, rest, { stdio: "ignore", env }).status === 0;
  };
  const isDone = apt("update") && apt("install", "-y", "--no-install-recommends", ...packages);
  return isDone && programs.every(isInstalled)
    ? undefined
    : { missing: `Debian's packages ${packages.join(", ")} could not be installed` };
}

/** The service that the test run started for all, or one of this test's own, which disposing ends. */
export async function s3ForTests(): Promise<AsyncDisposable & { readonly service: S3Service }> {
  const handed = process.env[HANDED_OVER];
  if (handed === undefined) return startCeph();
  return { service: JSON.parse(handed) as S3Service, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** What `s3ForTests` of other processes is to find. */
export function handOverS3({ service }: Ceph): void {
  process.env[HANDED_OVER] = JSON.stringify(service);
}

/** Makes and starts a node of Ceph: monitor, manager, one disk that is a sparse file, gateway. */
export async function startCeph(): Promise<Ceph> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-ceph-"));
  const node = new Node(folder, await freePort(), await freePort());
  try {
    await node.make();
    return node;
  } catch (error) {
    await node[Symbol.asyncDispose]();
    throw error;
  }
}

class Node implements Ceph {
  readonly service: S3Service;
  readonly #folder: string;
  readonly #monPort: number;
  readonly #env: NodeJS.ProcessEnv;
  readonly #running = new Set<ChildProcess>();
  readonly #onExit = (): void => this.#signalAll();

  constructor(folder: string, monPort: number, gatewayPort: number) {
    this.#folder = folder;
    this.#monPort = monPort;
    this.#env = { ...process.env, CEPH_CONF: join(folder, "ceph.conf"), CEPH_ARGS: "" };
    this.service = {
      endpoint: `http://127.0.0.1:${gatewayPort}`,
      region: REGION,
      owner: newKey(),
      guest: newKey(),
    };
    process.on("exit", this.#onExit);
  }

  async make(): Promise<void> {
    const [fsid, disk] = [randomUUID(), randomUUID()];
    await writeFile(this.#path("ceph.conf"), configOf(this.#folder, fsid, this.#monPort, this.service));
    for (const each of ["mon", "mgr", "osd", "rgw", "run", "log"]) await mkdir(this.#path(each));
    const map = this.#path("monmap");
    const address = `[v2:127.0.0.1:${this.#monPort}]`;
    await this.#call("monmaptool", "--create", "--fsid", fsid, "--addv", "a", address, map);
    await this.#call("ceph-mon", "--mkfs", "-i", "a", "--monmap", map);
    this.#launch("ceph-mon", "-i", "a");
    await this.#call("ceph", "osd", "new", disk);
    await this.#call("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk);
    await this.#startRest();
    for (const id of ["owner", "guest"] as const) {
      const { accessKeyId, secretAccessKey } = this.service[id];
      const keys = [`--access-key=${accessKeyId}`, `--secret=${secretAccessKey}`];
      await this.#call("radosgw-admin", "user", "create", `--uid=${id}`, `--display-name=${id}`, ...keys);
    }
  }

  async start(): Promise<void> {
    this.#launch("ceph-mon", "-i", "a");
    await this.#startRest();
  }

  async kill(): Promise<void> {
    const ended = [...this.#running].map(
      (child) => new Promise<void>((done) => void child.once("exit", () => done())),
    );
    this.#signalAll();
    await Promise.all(ended);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    process.off("exit", this.#onExit);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #startRest(): Promise<void> {
    this.#launch("ceph-mgr", "-i", "x");
    this.#launch("ceph-osd", "-i", "0");
    this.#launch("radosgw", "-n", "client.rgw");
    const until = performance.now() + ANSWER_WITHIN_MS;
    while (!(await answers(this.service.endpoint))) {
      if (performance.now() > until) throw new Error("Ceph's gateway does not answer");
      await setTimeout(100);
    }
  }

  #launch(program: string, ...args: string[]): void {
    const child = spawn(program, ["-f", ...args], { env: this.#env, stdio: "ignore" });
    this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    child.once("error", () => this.#running.delete(child));
  }

  #signalAll(): void {
    for (const child of this.#running) child.kill("SIGKILL");
  }

  async #call(program: string, ...args: string[]): Promise<void> {
    const child = spawn(program, args, { env: this.#env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    const code = await new Promise((done, failed) => {
      child.once("error", failed);
      child.once("close", done);
    });
    if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${said}`);
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

function newKey(): S3Key {
  return {
    accessKeyId: randomBytes(10).toString("hex"),
    secretAccessKey: randomBytes(20).toString("hex"),
  };
}

function configOf(folder: string, fsid: string, monPort: number, { endpoint }: S3Service): string {
  const gateway = endpoint.replace("http://", "");
  return `[global]
fsid = ${fsid}
mon_host = [v2:127.0.0.1:${monPort}]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_data_avail_crit = 0
mon_data_avail_warn = 0
run_dir = ${folder}/run
admin_socket = ${folder}/run/$name.sock
log_file = ${folder}/log/$name.log
mon_cluster_log_file = ${folder}/log/cluster.log
crash_dir = ${folder}/run
mon_data = ${folder}/mon/a
mgr_data = ${folder}/mgr
osd_data = ${folder}/osd
rgw_data = ${folder}/rgw
mgr_initial_modules =
osd_objectstore = bluestore
bluestore_block_create = true
bluestore_block_size = ${BLOCK_BYTES}
[client.rgw]
ms_mon_client_mode = crc
rgw_dns_name = localhost
rgw_frontends = beast endpoint=${gateway} tcp_nodelay=1
`;
}

function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint, { signal: AbortSignal.timeout(2000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

function isInstalled(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
