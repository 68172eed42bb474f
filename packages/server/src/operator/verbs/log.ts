import { checkedEntries, entriesAfter } from "../log.ts";
import { read, usage, withServer, type Given } from "./given.ts";

const PAGE = 500;

/** `log [--verify]`: what the operator did, one JSON object a line; with `--verify` every entry is checked. */
export async function logVerb(given: Given): Promise<void> {
  const { positionals, values } = read(given.words, { verify: "flag" });
  if (positionals.length > 0) throw usage();
  const { say, isChinese } = given;
  await withServer(given, async (server) => {
    if (values["verify"] === true) {
      let count = 0;
      for await (const entry of checkedEntries(server)) {
        say(JSON.stringify(entry));
        count++;
      }
      return say(isChinese ? `共 ${count} 条，逐条校验无误。` : `${count} entries, none changed or missing.`);
    }
    for (let after = 0; ;) {
      const entries = await entriesAfter(server, { after, limit: PAGE });
      for (const entry of entries) say(JSON.stringify(entry));
      if (entries.length < PAGE) return undefined;
      after = entries.at(-1)!.number;
    }
  });
}
