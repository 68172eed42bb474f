import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dayLater, writePhone, type WeChatOptions } from "@keepsake/core/testing/wechat";
import { expect, test } from "vitest";
import { folderBytes, measure } from "./measure.ts";
import { keepsake } from "./tools.ts";
import { ownName } from "./wechat.ts";

const isSoak = process.env["KEEPSAKE_SOAK"] === "1";
/** As large as a phone was found to be; otherwise a hundredth of it. */
const size = isSoak
  ? { messages: 3_400_000, databaseBytes: 5_800_000_000 }
  : { messages: 34_000, databaseBytes: 58_000_000 };
const HOUR_MS = 3_600_000;
const PEAK_MB = 300;

test(
  `a database of ${size.databaseBytes / 1e6} MB with ${size.messages} messages is read in at most ${PEAK_MB} MB of memory, and so is a day more`,
  async () => {
    const root = await mkdtemp(join(tmpdir(), "keepsake-large-"));
    try {
      const options: WeChatOptions = { seed: "large", databases: 1, ...size };
      const phone = join(root, "phone");
      writePhone(phone, options);
      expect(await folderBytes(phone)).toBeGreaterThan(size.databaseBytes);
      const cli = [fileURLToPath(new URL("../keepsake", import.meta.url))];
      const tool = keepsake(root, cli, ["--me", ownName(options)]);
      await measure(tool.init, tool.env);
      await expectSmall(tool.backup(phone), tool.env);
      dayLater(phone, options);
      await expectSmall(tool.backup(phone), tool.env);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  },
  HOUR_MS,
);

async function expectSmall(command: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { peakMB, cpuS, wallS } = await measure(command, env);
  console.log(`peak ${peakMB} MB, ${cpuS} s CPU, ${wallS.toFixed(1)} s`);
  if (peakMB !== undefined) expect(peakMB).toBeLessThanOrEqual(PEAK_MB);
}
