import { KeepsakeError } from "@keepsake/core/base";
import { tryLine, type Connection, type LineSpeed } from "@keepsake/core/client";
import {
  needOf,
  proposalsFor,
  weigh,
  weighedParts,
  type BackupSource,
  type Proposal,
  type WeighOptions,
} from "@keepsake/core/history";
import { standardCatalogue, type Catalogue, type Need } from "@keepsake/core/plans";
import type { Share } from "../look/storage.ts";

/** What keeping a source would take. */
export interface Estimate {
  readonly need: Need;
  readonly duplicateBytes: number;
  readonly tookMs: number;
  /** With about what is stored of each. */
  readonly chats: readonly Share[];
  readonly kinds: readonly Share[];
  readonly years: readonly Share[];
  /** What could be left out, and what the rest would take. */
  readonly savings: readonly Saving[];
  /** The line to the server, tried just now; undefined where it could not be. */
  readonly line: LineSpeed | undefined;
  /** What the server offers; what comes with Keepsake where it cannot be asked. */
  readonly catalogue: Catalogue;
}

/** Something to leave out of backups, should the person say so. */
interface Saving extends Pick<Proposal, "what" | "choice"> {
  readonly need: Need;
}

/** So many chats are told of. */
const MOST_CHATS = 20;

/** Weighs a source, and puts the plans beside it. */
export async function estimate(
  source: Pick<BackupSource, "read">,
  { connection, ...options }: WeighOptions & { readonly connection: Connection | undefined },
): Promise<Estimate> {
  const startedMs = performance.now();
  const weight = await weigh(source, options);
  const { chats, kinds, years } = weighedParts(weight);
  const shares = (parts: typeof chats): Share[] =>
    parts.map(({ name, messages, files, storedBytes }) => ({ name, messages, files, bytes: storedBytes }));
  return {
    need: needOf(weight),
    duplicateBytes: weight.duplicateBytes,
    tookMs: performance.now() - startedMs,
    chats: shares(chats.slice(0, MOST_CHATS)),
    kinds: shares(kinds),
    years: shares(years),
    savings: proposalsFor(weight.survey).map(({ what, choice, ...less }) => ({
      what,
      choice,
      need: needOf(weight, less),
    })),
    line: connection && (await ifReached(tryLine(connection, options))),
    catalogue: (connection && (await ifReached(connection.call("GET /v1/plans")))) ?? standardCatalogue,
  };
}

/** Undefined where the server is away: an estimate does without it. */
function ifReached<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch((error: unknown) => {
    if (KeepsakeError.is(error, "server.unreachable")) return undefined;
    throw error;
  });
}
