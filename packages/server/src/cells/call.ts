import { codes, KeepsakeError, type Code } from "@keepsake/core/base";

/** The header in which cells and gateways show each other their key. */
export const KEY_HEADER = "keepsake-cells-key";

/** In which a cell says to a gateway which other cell has what is asked for. */
export const CELL_HEADER = "keepsake-cell";

const ANSWER_MS = 10_000;

/** A request to another part of the same server. */
export interface CellCall {
  readonly key: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: object;
}

/**
 * Asks another part of the server, at the first of its addresses that answers; gives what the JSON of its answer says.
 * Throws `server.cell-away` where none does, and the problem that it answers with.
 */
export async function callPart(
  addresses: readonly string[],
  { key, method, path, body }: CellCall,
): Promise<unknown> {
  for (const address of addresses) {
    const response = await fetch(address + path, {
      method,
      redirect: "error",
      headers: {
        [KEY_HEADER]: key,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => undefined);
    const json = await response?.json().catch(() => undefined);
    if (response === undefined || response.status >= 500) continue;
    if (response.ok) return json;
    throw problemIn(json);
  }
  throw new KeepsakeError("server.cell-away", { retry: "later", details: { waitMs: AWAY_MS } });
}

/** After how long it is worth while to ask again. */
export const AWAY_MS = 5000;

/** What another part says went wrong. One that answers in another way is none of ours. */
function problemIn(json: unknown): KeepsakeError {
  const { code, retry, details } = (json ?? {}) as {
    readonly code?: string;
    readonly retry?: "never" | "later" | "now";
    readonly details?: Readonly<Record<string, string | number | boolean>>;
  };
  // Who finds nothing there showed a key that is not taken.
  if (typeof code !== "string" || !Object.hasOwn(codes, code) || code.startsWith("request."))
    return new KeepsakeError("server.cell-away", { retry: "later", details: { waitMs: AWAY_MS } });
  return new KeepsakeError(code as Code, { retry: retry ?? "never", details: details ?? {} });
}
