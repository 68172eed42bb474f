import { homedir } from "node:os";
import { resolve } from "node:path";
import { formats } from "@keepsake/core/formats";
import { formatName } from "@keepsake/core/format-names";
import { readConfigJson, writeConfig, type ConfigJson, type WatchedSource } from "../../agent/kept/config.ts";
import { isAgentRunning } from "../../agent/kept/lock.ts";
import { existingPlaces, type FoundPlace } from "../../agent/places.ts";
import type { Context, Run } from "../../context.ts";
import { storePlace } from "../../device/open.ts";
import { usageError } from "../../input.ts";
import * as words from "../../ui/messages/agent.ts";
import { howOf, isThere, nameFrom, requireApart } from "../../agent/sources.ts";

export const run: Run = async (context) => {
  const { input } = context;
  const [path] = input.args;
  if (input.flag("known")) {
    if (path !== undefined) throw usageError("--known", "not-together");
    return addKnown(context);
  }
  if (path === undefined || path === "") throw usageError("source", "missing-argument");
  const place = resolve(path);
  const source = { name: input.text("name") ?? nameFrom(place), path: place, ...howOf(context) };
  await add(context, await readConfigJson(context.env), source);
  if (!(await isThere(place))) context.output.say(words.notYetThere);
  await sayNext(context);
  return { data: { added: 1 } };
};

/** Nothing is watched before the person has said yes to it. */
async function addKnown(context: Context): ReturnType<Run> {
  const { output, input, prompt, env } = context;
  const ids = new Set(formats.map(({ id }) => id));
  const machine = { platform: process.platform, home: env["HOME"] ?? homedir(), env };
  const places = (await existingPlaces(machine)).filter(({ format }) => ids.has(format));
  if (places.length === 0) output.say(words.noneKnown);
  let [added, offered] = [0, 0];
  for (const place of places) {
    const json = await readConfigJson(env);
    const isWatched = json.sources?.some(({ path }) => path === place.path) === true;
    output.event("place", { ...place, isWatched });
    output.line(
      output.text(words.knownPlace, { format: output.text(formatName(place.format)), path: place.path }),
    );
    if (isWatched) {
      output.say(words.alreadyWatched);
      continue;
    }
    offered++;
    if (!(await isWanted(context, place))) continue;
    const { name, path, format } = place;
    await add(context, json, { ...howOf({ input }), name: freeName(json, name), path, format });
    added++;
  }
  if (added > 0) await sayNext(context);
  const isUnanswered = offered > 0 && prompt === undefined && !input.flag("yes");
  const data = { places: places.length, added };
  return isUnanswered ? { code: "cli.not-confirmed", data } : { data };
}

async function isWanted({ output, input, prompt }: Context, { name }: FoundPlace): Promise<boolean> {
  if (input.flag("yes")) return true;
  return prompt !== undefined && prompt.confirm(output.text(words.watchIt, { name }));
}

function freeName({ sources = [] }: ConfigJson, name: string): string {
  const names = new Set(sources.map((source) => source.name));
  for (let i = 1; ; i++) {
    const free = i === 1 ? name : `${name} ${i}`;
    if (!names.has(free)) return free;
  }
}

async function add(context: Context, json: ConfigJson, source: WatchedSource): Promise<void> {
  const { sources = [] } = json;
  if (sources.some(({ name }) => name === source.name)) throw usageError("--name", "taken");
  const asked = context.input.has("store") ? undefined : json.store;
  const store = asked ?? (await storePlace(context));
  await requireApart(context, source.path, store);
  await writeConfig(context.env, { ...json, store, sources: [...sources, source] });
  context.output.event("source", { ...source });
  context.output.say(words.added, { name: source.name });
}

async function sayNext({ env, output }: Context): Promise<void> {
  if (!(await isAgentRunning(env))) output.say(words.nextInstall);
}
