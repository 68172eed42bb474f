import type { Plugin } from "vite";

/** A file of a library that holds both the signatures that every request needs and the OPRF that few ever use. */
const CURVES = "@noble/curves/ed25519.js";
/** What it imports for the OPRF alone. */
const OPRF_ALONE = ["./abstract/hash-to-curve.js", "./abstract/oprf.js"];
const APART = "?apart";

/**
 * Has who imports the OPRF when it is used get a copy of that file of its own: each copy then holds what is used of it,
 * and the one at the start no OPRF.
 */
export function oprfApart(): Plugin {
  return {
    name: "oprf-apart",
    enforce: "pre",
    async resolveId(source, importer, { kind }) {
      const isLater = source === CURVES && kind === "dynamic-import";
      const isOfLater = importer?.endsWith(APART) === true && OPRF_ALONE.includes(source);
      if (!isLater && !isOfLater) return undefined;
      const file = await this.resolve(source, importer, { skipSelf: true });
      if (file === null) return this.error(`there is no ${source}`);
      return { ...file, id: file.id + APART };
    },
  };
}
