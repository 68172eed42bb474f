import { readSources, RowReader } from "@keepsake/core/history";
import { headNumbers } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { openHistory, storePlace, type Opened } from "../../device/open.ts";
import type { Profile } from "../../device/profile.ts";
import { areServers, lookAtStore } from "../../device/stores/stores.ts";
import * as words from "../../ui/messages/doctor.ts";
import { serversOnly } from "../../ui/messages/vault.ts";
import type { Values, Words } from "../../ui/language.ts";
import { countText, dayText, sizeText } from "../../ui/values.ts";

const DAY_MS = 86_400_000;
/** More than that, and somebody should know. */
const OLD_BACKUP_DAYS = 35;
const OLD_CHECK_DAYS = 90;
const LITTLE_ROOM_BYTES = 1_000_000_000;

type State = "good" | "look" | "bad";

/** One thing that was looked at. */
interface Finding {
  readonly name: string;
  readonly state: State;
  readonly words: Words;
  readonly values?: Values;
}

export const run: Run = async (context) => {
  const { output } = context;
  const findings = [nodeFinding(), ...(await storeFindings(context))];
  const opened = await openHistory(context);
  findings.push(...keyFindings(context, opened), ...(await historyFindings(context, opened)));
  for (const { name, state, words: sentence, values } of findings) {
    output.event("looked", { name, state, ...values });
    const mark = { good: "✓", look: "!", bad: "✗" }[state];
    output.line(`${mark} ${output.text(sentence, values)}`);
  }
  const bad = findings.filter(({ state }) => state === "bad").length;
  const looks = findings.filter(({ state }) => state === "look").length;
  const data = { good: findings.length - bad - looks, look: looks, bad };
  return bad > 0 ? { code: "cli.partly", data } : { data };
};

function nodeFinding(): Finding {
  return { name: "node", state: "good", words: words.node, values: { version: process.versions.node } };
}

async function storeFindings(context: Context): Promise<Finding[]> {
  const { isWritable, hasLinks, freeBytes } = await lookAtStore(context, await storePlace(context));
  const findings: Finding[] = [
    {
      name: "writable",
      state: isWritable ? "good" : "bad",
      words: isWritable ? words.writable : words.readOnly,
    },
  ];
  if (hasLinks !== undefined)
    findings.push({ name: "links", state: "good", words: hasLinks ? words.links : words.noLinks });
  if (freeBytes !== undefined) findings.push(roomFinding(freeBytes));
  return findings;
}

function roomFinding(freeBytes: number): Finding {
  const isTight = freeBytes < LITTLE_ROOM_BYTES;
  return {
    name: "room",
    state: isTight ? "look" : "good",
    words: isTight ? words.littleRoom : words.room,
    values: { size: sizeText(freeBytes) },
  };
}

function keyFindings({ clock }: Context, { vault, profile }: Opened): Finding[] {
  const hasPassword = vault.document.slots.some(({ kind }) => kind === "password");
  const devices = vault.document.devices.filter(({ revokedFrom }) => revokedFrom === undefined).length;
  const isOwn = profile !== undefined && vault.device !== undefined;
  const checkedAt = profile?.wordsCheckedAt;
  const isFresh = checkedAt !== undefined && clock.now() - checkedAt < OLD_CHECK_DAYS * DAY_MS;
  const wordsFinding: Finding = {
    name: "words",
    state: isFresh ? "good" : "look",
    words: checkedAt === undefined ? words.wordsNever : isFresh ? words.wordsChecked : words.wordsLong,
    values: { day: dayText(checkedAt ?? null) },
  };
  return [
    {
      name: "device",
      state: isOwn ? "good" : "look",
      words: isOwn ? words.device : words.noDevice,
      values: { n: devices },
    },
    { name: "password", state: "good", words: hasPassword ? words.password : words.noPassword },
    wordsFinding,
    ...(profile === undefined ? [] : [copiesFinding(profile)]),
  ];
}

function copiesFinding({ stores }: Profile): Finding {
  const places = Object.keys(stores);
  const isLook = areServers(places);
  return {
    name: "copies",
    state: isLook ? "look" : "good",
    words: isLook ? serversOnly : words.copies,
    values: { n: countText(places.length) },
  };
}

async function historyFindings(
  { clock }: Context,
  { history, vault }: Awaited<ReturnType<typeof openHistory>>,
): Promise<Finding[]> {
  const { head } = history.snapshot;
  const isAhead = head.time > clock.now() + DAY_MS;
  const { runs } = await readSources(new RowReader(history));
  const last = runs.at(-1)?.asOf;
  const isOld = last === undefined || clock.now() - last > OLD_BACKUP_DAYS * DAY_MS;
  const heads = await headNumbers(vault.store);
  return [
    { name: "clock", state: isAhead ? "look" : "good", words: isAhead ? words.clockBehind : words.clock },
    {
      name: "versions",
      state: "good",
      words: words.versions,
      values: { n: countText(heads.length), head: head.number },
    },
    {
      name: "backup",
      state: isOld ? "look" : "good",
      words: last === undefined ? words.neverBackedUp : isOld ? words.oldBackup : words.backedUp,
      values: { day: dayText(last ?? null) },
    },
  ];
}
