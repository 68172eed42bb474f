import type { Detection, Format } from "../format.ts";
import type { Source } from "../source.ts";

/** Loaded where there is something for it: every start of a program would pay for it else. */
const load = () => import("./read.ts");

/** WeChat in an Apple local backup: read, never written. */
export const wechatIos: Format = {
  id: "wechat-ios",
  detect,
  async *read(source, options) {
    yield* (await load()).read(source, options);
  },
  async *readMany(source, options) {
    yield* (await load()).readMany(source, options);
  },
};

/** A backup has its list; what is in it, the reader finds out. */
async function detect(source: Source): Promise<Detection | null> {
  for (const folder of ["", ...(await source.folders()).map((name) => `${name}/`)])
    if ((await source.file(`${folder}Manifest.plist`)) !== undefined) return (await load()).detect(source);
  return null;
}
