import type { Bytes } from "@keepsake/core/base";
import type { Connection } from "@keepsake/core/client";
import { openPayer } from "@keepsake/core/client/plans";
import { payerSeeds, type Vault } from "@keepsake/core/vault";
import type { Session } from "../session.ts";

/**
 * Who pays for the vault that is open: an account of a key that is for this alone. Its requests carry nothing of the
 * member's session, and the member's nothing of it; neither ever leaves the worker.
 */
export class Payer {
  readonly #session: Session;
  #opened: { readonly of: Vault; readonly connection: Connection } | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The server as anybody asks it: nothing is said of who asks. */
  async anyone(): Promise<Connection> {
    const connection = await this.#session.connection();
    return connection.to(connection.url);
  }

  /** The member's own way to the server. */
  member(): Promise<Connection> {
    return this.#session.connection();
  }

  /** The account, where there is one. */
  found(): Promise<Connection | undefined> {
    return this.#open(false);
  }

  /** The account; it is made where there is none. */
  async needed(): Promise<Connection> {
    return (await this.#open(true))!;
  }

  /** What tickets hang on. */
  get seed(): Bytes {
    return payerSeeds(this.#session.open.vault).at(-1)!;
  }

  async #open(isNew: boolean): Promise<Connection | undefined> {
    const { vault } = this.#session.open;
    // Where the keys were changed, it is another vault, and another key signs.
    if (this.#opened?.of === vault) return this.#opened.connection;
    const connection = await openPayer(await this.anyone(), payerSeeds(vault), { isNew });
    if (connection !== undefined) this.#opened = { of: vault, connection };
    return connection;
  }
}
