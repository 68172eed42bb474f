import { KeepsakeError } from "../base/index.ts";
import type { Routes } from "../protocol/index.ts";
import type { Connection } from "./connection.ts";

const PROTOCOL = 1;

/** What the server says of itself. Throws `server.other-protocol`. */
export async function describeServer(connection: Connection): Promise<Routes["GET /v1/server"]["answer"]> {
  const told = await connection.call("GET /v1/server");
  if (told?.protocol !== PROTOCOL)
    throw new KeepsakeError("server.other-protocol", { details: { protocol: told?.protocol ?? 0 } });
  return told;
}
