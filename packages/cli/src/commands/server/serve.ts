import { spawn, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { codes, KeepsakeError, type Code } from "@keepsake/core/base";
import type { Context, Run } from "../../context.ts";
import * as words from "../../ui/messages/server/serve.ts";

/** A line of a server's log, as far as it is of use to whoever starts one by hand. */
interface ServerEvent {
  readonly event: string;
  readonly url?: string;
  readonly invitation?: string;
  readonly isPaymentsTest?: boolean;
  readonly code?: string;
  /** Of a setting that is wrong: its name, the place in it, and what it breaks. */
  readonly name?: string;
  readonly where?: string;
  readonly rule?: string;
}

/** Runs a server on this machine until it is told to stop: the server's own program, whose log it puts into words. */
export const run: Run = async (context) => {
  const { input, env, signal } = context;
  const data = resolve(input.text("data") ?? env["KEEPSAKE_DATA"] ?? "keepsake-data");
  const port = input.number("port");
  const program = fileURLToPath(import.meta.resolve("@keepsake/server/program"));
  const child = spawn(process.execPath, [program], {
    env: { ...env, KEEPSAKE_DATA: data, ...(port !== undefined && { KEEPSAKE_PORT: String(port) }) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<void>((done) => child.once("close", () => done()));
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    await follow(context, child, data);
    await exited;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  context.output.say(words.stopped);
  return { data: { folder: data } };
};

/** Throws what the server ended with. */
async function follow({ output }: Context, child: ChildProcess, data: string): Promise<void> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const said = JSON.parse(line) as ServerEvent;
    const { event, url = "", invitation, code = "", isPaymentsTest } = said;
    if (event === "failed") throw new KeepsakeError(isCode(code) ? code : "base.unexpected", detailsOf(said));
    if (event !== "listening") continue;
    output.event("listening", { url, invitation, folder: data, isPaymentsTest });
    output.say(words.serving, { url, folder: data });
    if (isPaymentsTest === true)
      output.warn({ en: output.red(words.testPayments.en), zh: output.red(words.testPayments.zh) });
    if (invitation !== undefined) output.warn(words.firstMember, { url, invitation });
  }
}

function isCode(code: string): code is Code {
  return Object.hasOwn(codes, code);
}

function detailsOf({ name, where, rule }: ServerEvent) {
  if (name === undefined) return {};
  return {
    details: { name, ...(where !== undefined && { where }), ...(rule !== undefined && { rule }) },
  };
}
