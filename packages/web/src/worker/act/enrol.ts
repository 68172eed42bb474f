import { KeepsakeError } from "@keepsake/core/base";
import {
  answerEnrolment,
  awaitOldDevice,
  offerEnrolment,
  type Candidate,
  type Enrolled,
  type Offer,
} from "@keepsake/core/client";
import { checkNewPassword, nameDevice, type Vault } from "@keepsake/core/vault";
import { drawn } from "../drawn.ts";
import { begin } from "../door/begin.ts";
import type { Session } from "../session.ts";

/** What a new device shows. */
export interface OfferShown {
  /** As a QR code holds it, to be copied. */
  readonly code: string;
  /** The same drawn: a path of squares, so many on each side. */
  readonly path: string;
  readonly size: number;
  readonly forMs: number;
}

/** For how long a code is good. */
const GOOD_MS = 120_000;

/** A new device is let in by one that is there: by a code, and six digits that the person compares. */
export class Enrol {
  readonly #session: Session;
  #stop = new AbortController();
  /** On the new device. */
  #offer: Offer | undefined;
  #letIn: (() => Promise<Enrolled>) | undefined;
  /** On the old device: open by the recovery words. */
  #vault: Vault | undefined;
  #candidate: Candidate | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** On the new device: a code to show. Throws `keys.weak-password` for what is to unlock this browser afterwards. */
  async offer(password: string): Promise<OfferShown> {
    checkNewPassword(password);
    this.stop();
    this.#offer = await offerEnrolment(await this.#session.connection(), "web");
    const { code, untilMs } = this.#offer;
    const leftMs = untilMs - Date.now();
    // By a clock that is wrong nothing can be counted.
    const forMs = leftMs > 0 && leftMs < GOOD_MS ? leftMs : GOOD_MS;
    return { code, forMs, ...drawn(code) };
  }

  /** On the new device: the six digits, once an old one has answered. Throws `enrol.gone`. */
  async digits(): Promise<string> {
    if (this.#offer === undefined) throw new KeepsakeError("enrol.gone");
    const { digits, letIn } = await awaitOldDevice(this.#offer, this.#stop.signal);
    this.#letIn = letIn;
    return digits;
  }

  /** On the new device: comes in, once the person has said on the old one that the digits are the same. */
  async comeIn({
    password,
    deviceName,
  }: {
    readonly password: string;
    readonly deviceName: string;
  }): Promise<void> {
    if (this.#letIn === undefined) throw new KeepsakeError("enrol.gone");
    const { membership, deviceKey, serverVault, anchor } = await this.#letIn();
    const session = this.#session;
    // The key first: the vault knows this device now, and nobody else has its key.
    await begin(session, membership, {
      name: "",
      by: { password },
      secrets: { deviceKey },
      more: { serverVault, anchor, hasOwnPassword: true },
    });
    this.stop();
    const { vault } = await session.openOwn();
    await nameDevice(vault, vault.device!.writer, deviceName);
    await session.refresh();
  }

  /** On the old device, before there is a code, which is good for two minutes: opens the vault by the words. */
  async prepare(words: string): Promise<void> {
    this.stop();
    this.#vault = await this.#session.openByWords(words);
  }

  /** On the old device: the six digits of the new one whose code it is. Throws `enrol.no-code`, `enrol.gone`. */
  async answer(code: string): Promise<string> {
    if (this.#vault === undefined) throw new KeepsakeError("keys.no-authority");
    const { serverVault = "" } = this.#session.device;
    const connection = await this.#session.connection();
    const given = { code, serverVault, signal: this.#stop.signal };
    this.#candidate = await answerEnrolment(this.#vault, connection, given);
    return this.#candidate.digits;
  }

  /** On the old device: the person says that the digits are the same. */
  async confirm(): Promise<void> {
    const candidate = this.#candidate;
    if (candidate === undefined) throw new KeepsakeError("enrol.gone");
    this.#candidate = undefined;
    try {
      await candidate.confirm();
    } finally {
      this.stop();
      await this.#session.openOwn();
    }
  }

  /** On the old device: the person says that they are not. */
  async refuse(): Promise<void> {
    await this.#candidate?.refuse();
    this.stop();
  }

  /** Ends what is under way, and forgets it. */
  stop(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    [this.#offer, this.#letIn, this.#vault, this.#candidate] = [undefined, undefined, undefined, undefined];
  }
}
