import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";

/** What parts of a build take on the way, compressed by brotli, in bytes. WASM is counted by itself wherever it lies. */
export interface WebSizes {
  /** What a page loads until somebody can log in or unlock: `index.html` and its script. */
  readonly shell: number;
  readonly styles: number;
  /** All scripts of the page, those too that come later, but for those of plans, of operators and of guides. */
  readonly page: number;
  /** What the page loads to get in, to read and to search: all but what is loaded when somebody opens a page of it. */
  readonly reading: number;
  /** What the page loads when somebody looks at plans, or their paid time is over. */
  readonly plans: number;
  /** What comes with the page of how far back a plan reaches, and with nothing else. */
  readonly windows: number;
  /** What comes with a guide that is read step by step, and with nothing else. */
  readonly guides: number;
  /** What comes with the operator's console, and with nothing else. */
  readonly operator: number;
  /** What the worker loads at its start: with `reading`, all that it takes to read and search a history. */
  readonly worker: number;
  /** What the worker loads when it is used: formats, writing, decoders, databases, lists of words, the sample. */
  readonly later: number;
  readonly wasm: number;
}

/** WASM inside of a script, as base64. */
const inlined = /AGFzbQ[A-Za-z0-9+/=]{1000,}/g;
const fixedImports = /\bimport(?:[\w*{}$,\s]+from)?\s*["'`]\.\/([\w.-]+\.js)["'`]/g;
const laterImports = /\bimport\(\s*["'`]\.\/([\w.-]+\.js)["'`]/g;

/** The sizes of a build. */
export async function webSizes(folder: string): Promise<WebSizes> {
  const assets = join(folder, "assets");
  const names = (await readdir(assets)).filter((name) => /\.(?:js|css|wasm)$/.test(name));
  const scripts = new Map<string, string>();
  for (const name of names)
    if (name.endsWith(".js")) scripts.set(name, await readFile(join(assets, name), "utf8"));
  const page = await readFile(join(folder, "index.html"), "utf8");
  const entry = required(/src="\/assets\/([\w.-]+\.js)"/.exec(page));
  const shell = reached(scripts, [entry], [fixedImports]);
  const shellText = [...shell].map((name) => scripts.get(name)!).join("\n");
  const workerEntry = required(/["'`]\/assets\/([\w.-]+\.js)["'`]/.exec(shellText));
  const all = reached(scripts, [entry], [fixedImports, laterImports]);
  const members = reached(scripts, [entry], [fixedImports, laterImports], /^office-page-/);
  const apart = /^(?:office-page|plan-page|lapse|wechat-ways)-/;
  const pages = reached(scripts, [entry], [fixedImports, laterImports], apart);
  const unguided = reached(scripts, [entry], [fixedImports, laterImports], /^wechat-ways-/);
  const unwindowed = reached(scripts, [entry], [fixedImports, laterImports], /^(?:office-page|window-page)-/);
  const guides = new Set([...all].filter((name) => !unguided.has(name)));
  const plans = new Set([...unwindowed].filter((name) => !pages.has(name) && !guides.has(name)));
  const windows = new Set([...members].filter((name) => !unwindowed.has(name)));
  const operator = new Set([...all].filter((name) => !members.has(name)));
  const inside = required(/["'`]\.\/(inside-[\w.-]+\.js)["'`]/.exec(shellText));
  // The home page fetches by itself what tells of paid time that is over, and of room that is nearly full.
  const lapse = required(/["'`]\.\/(lapse-[\w.-]+\.js)["'`]/.exec(scripts.get(inside)!));
  const reading = reached(scripts, [entry, inside, lapse], [fixedImports]);
  const worker = reached(scripts, [workerEntry], [fixedImports]);
  const later = new Set([...scripts.keys()].filter((name) => !all.has(name) && !worker.has(name)));
  const sum = async (those: ReadonlySet<string>): Promise<number> => {
    let bytes = 0;
    for (const name of those) bytes += await compressed(scripts.get(name)!.replace(inlined, ""));
    return bytes;
  };
  const whole = await total(assets, names);
  const [inShell, inPage, inReading, inPlans, inWindows, inGuides, inOperator, inWorker, inLater] = [
    await sum(shell),
    await sum(pages),
    await sum(reading),
    await sum(plans),
    await sum(windows),
    await sum(guides),
    await sum(operator),
    await sum(worker),
    await sum(later),
  ];
  const styles = await total(
    assets,
    names.filter((name) => name.endsWith(".css")),
  );
  return {
    shell: inShell + (await compressed(page)),
    styles,
    page: inPage,
    reading: inReading,
    plans: inPlans,
    windows: inWindows,
    guides: inGuides,
    operator: inOperator,
    worker: inWorker,
    later: inLater,
    wasm: whole - styles - inPage - inPlans - inWindows - inOperator - inWorker - inLater,
  };
}

/** The scripts that others lead to, past those that are left out. */
function reached(
  scripts: ReadonlyMap<string, string>,
  from: readonly string[],
  imports: readonly RegExp[],
  without?: RegExp,
): ReadonlySet<string> {
  const found = new Set(from);
  for (const name of found)
    for (const pattern of imports)
      for (const [, next] of scripts.get(name)!.matchAll(pattern))
        if (without?.test(next!) !== true) found.add(next!);
  return found;
}

async function total(folder: string, names: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const name of names)
    bytes += (await readFile(join(folder, `${name}.br`)).catch(() => readFile(join(folder, name)))).length;
  return bytes;
}

async function compressed(text: string): Promise<number> {
  return (await promisify(brotliCompress)(text)).length;
}

function required(match: RegExpExecArray | null): string {
  if (match === null) throw new TypeError("this is no build of the web app");
  return match[1]!;
}
