import { bytesToHex } from "@keepsake/core/base";
import { memberEvents, type MemberEvent } from "@keepsake/core/client";
import { newestSnapshot } from "@keepsake/core/vault";
import type { Session } from "../session.ts";

/** A device that is logged in to the server. */
export interface LoginLine {
  readonly id: string;
  readonly platform: string;
  readonly createdMs: number;
  readonly seenMs: number;
  readonly isThis: boolean;
}

/** A device that opens the vault. */
export interface DeviceLine {
  readonly writer: number;
  readonly name: string;
  readonly isThis: boolean;
  readonly isRevoked: boolean;
}

/** Who may open what, and what happened. */
export class Keys {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async logins(): Promise<readonly LoginLine[]> {
    const { devices } = await (await this.#session.connection()).call("GET /v1/devices");
    return devices.toSorted((a, b) => b.seenMs - a.seenMs);
  }

  async devices(): Promise<readonly DeviceLine[]> {
    const { vault } = this.#session.open;
    const { directory } = await newestSnapshot(vault);
    const names = new Map(directory.devices);
    return vault.document.devices.map(({ writer, revokedFrom }) => ({
      writer,
      name: names.get(writer) ?? `#${writer}`,
      isThis: writer === vault.device?.writer,
      isRevoked: revokedFrom !== undefined,
    }));
  }

  /** Logs a device out: its session ends at once; what it holds of keys stays with it. */
  async logOut(id: string): Promise<void> {
    await (await this.#session.connection()).call("DELETE /v1/devices/{id}", { params: { id } });
  }

  /** What the server says happened, checked entry by entry, the newest first. Throws `server.bad-log`. */
  async events(most: number): Promise<readonly MemberEvent[]> {
    const connection = await this.#session.connection();
    const events: MemberEvent[] = [];
    for await (const event of memberEvents(connection, { isAll: true })) {
      events.push(event);
      if (events.length > 2 * most) events.splice(0, most);
    }
    return events.slice(-most).toReversed();
  }

  /** The vault's id, which stands on the recovery card. */
  vaultId(): string {
    return bytesToHex(this.#session.open.vault.id);
  }
}
