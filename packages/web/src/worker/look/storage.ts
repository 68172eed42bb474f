import { KeepsakeError, type Report } from "@keepsake/core/base";
import { chatCollections } from "@keepsake/core/history";
import type { Session } from "../session.ts";

/** What something takes. */
export interface Share {
  readonly name: string;
  readonly messages: number;
  readonly files: number;
  readonly bytes: number;
}

/** What fills a vault, before it is compressed. */
export interface Usage {
  readonly byKind: readonly Share[];
  readonly byYear: readonly Share[];
  /** Files of the same content in several places: kept once. */
  readonly duplicateBytes: number;
  readonly fileBytes: number;
  /** On the server, sealed; absent for the sample, and where the server cannot be asked. */
  readonly stored?: {
    readonly usedBytes: number;
    readonly trashedBytes: number;
    readonly quotaBytes: number;
  };
}

const TOLD_MESSAGES = 10_000;

/** What fills the vault. */
export class Storage {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Looks through all messages; tells of its progress. */
  async usage(report: Report): Promise<Usage> {
    const { history, view } = this.#session.open;
    const [kinds, years] = [new Sums(), new Sums()];
    const seen = new Set<string>();
    let [duplicateBytes, fileBytes, messages, told] = [0, 0, 0, 0];
    for (const collection of chatCollections(history)) {
      for await (const views of view.batches(collection)) {
        for (const { message } of views) {
          const files = (message.attachments ?? []).filter(({ state }) => state === "present");
          const bytes = files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
          kinds.add(message.kind, files.length, bytes);
          years.add(String(new Date(message.time.sent).getFullYear()), files.length, bytes);
          for (const { sha256, sizeBytes = 0 } of files) {
            fileBytes += sizeBytes;
            if (sha256 !== undefined && seen.has(sha256)) duplicateBytes += sizeBytes;
            if (sha256 !== undefined) seen.add(sha256);
          }
        }
        messages += views.length;
        if (messages - told < TOLD_MESSAGES) continue;
        told = messages;
        report({ type: "progress", stage: "scan", done: { messages } });
      }
    }
    const byKind = kinds.all().sort((a, b) => b.bytes - a.bytes || b.messages - a.messages);
    const byYear = years.all().sort((a, b) => Number(b.name) - Number(a.name));
    return { byKind, byYear, duplicateBytes, fileBytes, ...(await this.#stored()) };
  }

  async #stored(): Promise<Pick<Usage, "stored">> {
    if (this.#session.open.isSample) return {};
    const asked = (await this.#session.connection()).call("GET /v1/member");
    const told = await asked.catch((error: unknown) => {
      if (KeepsakeError.is(error, "server.unreachable")) return undefined;
      throw error;
    });
    if (told === undefined) return {};
    const { usedBytes, trashedBytes, quotaBytes } = told;
    return { stored: { usedBytes, trashedBytes, quotaBytes } };
  }
}

class Sums {
  readonly #byName = new Map<string, { messages: number; files: number; bytes: number }>();

  add(name: string, files: number, bytes: number): void {
    const sum = this.#byName.get(name) ?? { messages: 0, files: 0, bytes: 0 };
    sum.messages++;
    sum.files += files;
    sum.bytes += bytes;
    this.#byName.set(name, sum);
  }

  all(): Share[] {
    return [...this.#byName].map(([name, sum]) => ({ name, ...sum }));
  }
}
