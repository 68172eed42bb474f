import type { Plugin } from "vite";

/** What is loaded when it is used: curves for browsers without, the OPRF of guards, sealing to a key of both kinds. */
const LATER = ["@noble/curves/ed25519.js", "@noble/post-quantum/hybrid.js"];
/** Of what these import, what a start uses a little of. */
const PARTLY_AT_START = /[\\/]@noble[\\/](?:curves[\\/]|hashes[\\/]sha2\.js)/;
const APART = "?apart";

/**
 * Gives what comes later copies of its own of libraries that a start needs a part of: a file of a library goes to one
 * place whole, and would come with the start for what is never used there.
 */
export function cryptoApart(): Plugin {
  return {
    name: "crypto-apart",
    enforce: "pre",
    async resolveId(source, importer) {
      const isLater = LATER.includes(source);
      if (!isLater && importer?.endsWith(APART) !== true) return undefined;
      const file = await this.resolve(source, importer, { skipSelf: true });
      if (file === null) return this.error(`there is no ${source}`);
      return isLater || PARTLY_AT_START.test(file.id) ? { ...file, id: file.id + APART } : file;
    },
  };
}
