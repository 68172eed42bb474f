import type { FastifyRequest } from "fastify";
import { KeepsakeError } from "@keepsake/core/base";
import { findAccount, type Account } from "../billing/books/accounts.ts";
import { showsKey } from "../cells/key.ts";
import { findSession, markSeen, type Session } from "../members/sessions.ts";
import type { Server } from "../server.ts";
import { Limits } from "./limits.ts";
import { placeOf } from "./place.ts";
import { Proofs } from "./proof.ts";
import type { Admission } from "./route.ts";

/** For so long a session that was found is taken for one that is there. */
const MET_MS = 1000;

interface Met {
  readonly token: string;
  readonly session: Session;
  readonly atMs: number;
}

/** Who comes in: counts requests by address and by member, finds the session, checks the device's signature. */
export class Door {
  readonly #server: Server;
  readonly #proofs: Proofs;
  readonly #addresses: Limits;
  readonly #members: Limits;
  readonly #met = new WeakMap<FastifyRequest, Met>();
  readonly #sessions = new WeakMap<FastifyRequest, Session>();
  readonly #accounts = new WeakMap<FastifyRequest, Account>();

  constructor(server: Server) {
    const { clock, config } = server;
    this.#server = server;
    this.#proofs = new Proofs(() => clock.now());
    this.#addresses = new Limits(config.addressRate, clock);
    this.#members = new Limits(config.memberRate, clock);
  }

  /** Counts a request by where it comes from. Throws `request.too-many`. */
  knock(request: FastifyRequest, cost: number): void {
    this.#addresses.spend(placeOf(request), cost);
  }

  /** Finds the session, before anything is read of a stranger's. Throws `member.no-session`. */
  async meet(request: FastifyRequest, admission: Admission): Promise<void> {
    if (admission === "anyone") return;
    if (admission === "cell") {
      if (!this.isCell(request)) throw new KeepsakeError("request.not-found");
      return;
    }
    if (admission === "account") return this.#meetAccount(request);
    const token = /^Keepsake ((?:[0-9a-v]{2}\.)?[A-Za-z0-9_-]{43})$/.exec(
      request.headers.authorization ?? "",
    )?.[1];
    if (token === undefined) throw new KeepsakeError("member.no-session");
    const session = await findSession(this.#server, token);
    this.#met.set(request, { token, session, atMs: performance.now() });
  }

  /** Throws the problem of who may not come in. */
  async admit(request: FastifyRequest, admission: Admission, cost: number): Promise<void> {
    if (admission === "anyone" || admission === "cell") return;
    if (admission === "account") return this.#admitAccount(request, cost);
    const met = this.#met.get(request);
    if (met === undefined) throw new KeepsakeError("member.no-session");
    const { token } = met;
    // While its body came, it may have been logged out.
    const isOld = performance.now() - met.atMs > MET_MS;
    const session = isOld ? await findSession(this.#server, token) : met.session;
    // A token without its key costs its member nothing, and does not count as a use of the device.
    this.#proofs.check(request, { token, deviceKey: session.deviceKey });
    this.#members.spend(session.member, cost);
    await markSeen(this.#server, session);
    if (admission === "operator" && !session.isOperator) throw new KeepsakeError("member.not-operator");
    if (admission === "full" || admission === "operator") requireFull(session);
    this.#sessions.set(request, session);
  }

  /** Who pays is found by its name alone, and has no session: nothing tells who else it is. */
  async #meetAccount(request: FastifyRequest): Promise<void> {
    const id = /^Keepsake pay\.([0-9a-v]{26})$/.exec(request.headers.authorization ?? "")?.[1];
    if (id === undefined) throw new KeepsakeError("pay.no-account");
    this.#accounts.set(request, await findAccount(this.#server, id));
  }

  #admitAccount(request: FastifyRequest, cost: number): void {
    const { id, publicKey } = this.accountOf(request);
    this.#proofs.check(request, { token: `pay.${id}`, deviceKey: publicKey });
    this.#members.spend(`pay.${id}`, cost);
  }

  /** Who pays, of a request that was let in as such. Throws `pay.no-account`. */
  accountOf(request: FastifyRequest): Account {
    const account = this.#accounts.get(request);
    if (account === undefined) throw new KeepsakeError("pay.no-account");
    return account;
  }

  /** Whether another cell asks. */
  isCell({ headers }: FastifyRequest): boolean {
    return showsKey(headers, this.#server.config.cells.key);
  }

  /** The session of a request that was let in with one. */
  sessionOf(request: FastifyRequest): Session | undefined {
    return this.#sessions.get(request);
  }

  /** That the request is signed by the key of a device that is about to get a session. */
  checkDevice(request: FastifyRequest, deviceKey: string): void {
    this.#proofs.check(request, { token: "", deviceKey });
  }
}

/** The date alone makes no session full: a clock that is ahead would. */
function requireFull({ fullFromMs }: Session): void {
  if (fullFromMs > 0) throw new KeepsakeError("member.limited", { details: { untilMs: fullFromMs } });
}
