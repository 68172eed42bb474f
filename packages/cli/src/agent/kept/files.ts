import { join } from "node:path";
import { configFolder } from "../../where.ts";

/** The folder of all that the agent keeps: readable by its owner only. */
export function agentFolder(env: NodeJS.ProcessEnv): string {
  return join(configFolder(env), "agent");
}

export function agentFile(env: NodeJS.ProcessEnv, name: string): string {
  return join(agentFolder(env), name);
}
