import { parseArgs } from "node:util";
import { KeepsakeError, systemClock } from "@keepsake/core/base";
import { parseConfig } from "../../config.ts";
import { printLog } from "../../log.ts";
import { openServer } from "../../serve.ts";
import type { Server } from "../../server.ts";

/*
 * What an operator asks for on the command line beside a server, as far as it is more than one call: what is given is
 * read, the verb is done, what came of it is told in the operator's language.
 */

/** What a verb of the command line is given. */
export interface Given {
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly isChinese: boolean;
  readonly say: (line: string) => void;
}

type Options = Readonly<Record<string, "flag" | "value">>;

/** Words and options of a command line. Throws `cli.usage`. */
export function read(words: readonly string[], options: Options): Parsed {
  try {
    const { positionals, values } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(options).map(([name, kind]) => [
          name,
          { type: kind === "flag" ? "boolean" : "string" },
        ]),
      ),
    });
    return { positionals, values };
  } catch (cause) {
    throw usage(cause);
  }
}

interface Parsed {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

export function usage(cause?: unknown): KeepsakeError {
  return new KeepsakeError("cli.usage", { cause, details: { name: "keepsake-server help" } });
}

/** With the server's parts, as it would have them; an embedded one must not run. Throws `server.database-in-use`. */
export async function withServer(
  { environment }: Given,
  work: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await openServer(parseConfig(environment), { log: printLog, clock: systemClock });
  try {
    await work(server);
  } finally {
    await server.db.close();
  }
}
