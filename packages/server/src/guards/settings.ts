import { join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";

/** What an operator says of guards. */
export interface GuardSettings {
  /** The two guards of members' passwords, by address; empty for this server itself. None where there are none. */
  readonly guards: readonly string[];
  /** The folder of this guard's fence; empty where this process is no guard. */
  readonly fence: string;
  /** Receipt keys, in hex, of other servers whose members this guard answers to. */
  readonly issuers: readonly string[];
}

/** Reads the settings. Throws `base.invalid` with the name of the wrong one. */
export function guardSettings(
  text: (name: string, preset: string) => string,
  { data, postgres }: { readonly data: string; readonly postgres: string },
): GuardSettings {
  const list = (name: string, preset: string): string[] =>
    text(name, preset)
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  // Several processes on one PostgreSQL would each have a fence of their own.
  const fence = text("KEEPSAKE_GUARD_FENCE", postgres === "" ? join(data, "guard-fence") : "");
  const named = list("KEEPSAKE_GUARDS", fence === "" ? "none" : "self,self");
  const guards = named.length === 1 && named[0] === "none" ? [] : named.map(addressOf);
  if (guards.length !== 0 && guards.length !== 2) throw wrong("KEEPSAKE_GUARDS");
  if (fence === "" && guards.includes("")) throw wrong("KEEPSAKE_GUARD_FENCE");
  const issuers = list("KEEPSAKE_GUARD_FOR", "");
  if (!issuers.every((key) => /^[0-9a-f]{64}$/.test(key))) throw wrong("KEEPSAKE_GUARD_FOR");
  return { guards, fence, issuers };
}

function addressOf(name: string): string {
  if (name === "self") return "";
  const url = URL.parse(name);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "")
    throw wrong("KEEPSAKE_GUARDS");
  return url.href.replace(/\/$/, "");
}

function wrong(name: string): KeepsakeError {
  return new KeepsakeError("base.invalid", { details: { name } });
}
