import { createInterface } from "node:readline";

/** A line of standard input, for scripts that learn what to answer only while a command runs; empty at its end. */
export async function typedLine(signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, signal });
  try {
    for await (const line of lines) return line.trim();
    return "";
  } finally {
    lines.close();
  }
}
