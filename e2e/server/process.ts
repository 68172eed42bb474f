import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { processEnv } from "../cli-process.ts";

const main = join(import.meta.dirname, "../../packages/server/src/main.ts");

/** The server's own program, and all that its runs have written to standard output and error. */
export class ServerProgram {
  readonly #settings: Readonly<Record<string, string>>;
  readonly #said: string[] = [];
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();

  constructor(settings: Readonly<Record<string, string>>) {
    this.#settings = settings;
  }

  /** What all runs have said. */
  get said(): string {
    return this.#said.join("");
  }

  /** Of the one that was started last. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Serves, as a server or by another verb; gives the address once it listens. */
  async start(...args: readonly string[]): Promise<string> {
    const ready = Promise.withResolvers<string>();
    let output = "";
    this.#run(args, (text) => {
      output += text;
      const url = /"event":"listening","url":"([^"]+)"/.exec(output)?.[1];
      if (url !== undefined) ready.resolve(url);
    });
    void this.#exited.then(() => ready.reject(new TypeError(`the server ended: ${output}`)));
    return ready.promise;
  }

  /** Ends the server that was started: in order, or at once as a crash would. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    this.#child?.kill(signal);
    await this.#exited;
  }

  /** Runs a verb to its end; gives its exit code. */
  async verb(...args: readonly string[]): Promise<number | null> {
    const child = this.#run(args, () => undefined, true);
    const [code] = (await once(child, "close")) as [number | null];
    return code;
  }

  #run(args: readonly string[], onText: (text: string) => void, isBeside = false): ChildProcess {
    const env = { ...processEnv, ...this.#settings };
    const child = spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#said.push(text);
        onText(text);
      });
    if (!isBeside) [this.#child, this.#exited] = [child, once(child, "close")];
    return child;
  }
}
