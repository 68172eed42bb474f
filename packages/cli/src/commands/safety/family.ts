import { KeepsakeError } from "@keepsake/core/base";
import { startGeneration } from "@keepsake/core/care";
import { forgetFamily, offerHelp, setFamily, takeHelp, type Connection } from "@keepsake/core/client";
import { dropSlots } from "@keepsake/core/vault";
import { noteSeen, open, openForKeys } from "../../device/open.ts";
import type { Context, Run } from "../../context.ts";
import type { KeptMembership } from "../../device/memberships.ts";
import { connect, parseAddress } from "../../device/stores/server.ts";
import { usageError } from "../../input.ts";
import { languageOfWords } from "../../kit/hand-over.ts";
import { createWordsFile } from "../../kit/write.ts";
import * as words from "../../ui/messages/server/family.ts";
import type { Outcome } from "../../ui/output.ts";
import { countText, dayText } from "../../ui/values.ts";
import { requireConsent } from "../consent.ts";

const DAY_MS = 86_400_000;
const WAIT_DAYS = { least: 7, most: 30 } as const;

interface At {
  readonly connection: Connection;
  readonly membership: KeptMembership;
}

const verbs: Readonly<Record<string, (context: Context, at: At, value: string) => Promise<Outcome>>> = {
  set,
  start,
  veto,
  take,
  remove,
};

/** Help of the family: a helper opens the vault together with the server, after a wait in which the owner may say no. */
export const run: Run = async (context) => {
  const { input } = context;
  const at = await connect(context, parseAddress(input.args[0] ?? "").url);
  if (input.flag("offer")) return offer(context, at);
  const given = Object.keys(verbs).filter((name) => input.has(name));
  if (given.length > 1) throw usageError(`--${given[1]!}`, "not-together");
  const [name] = given;
  return name === undefined ? list(context, at) : verbs[name]!(context, at, input.text(name)!);
};

async function offer(context: Context, { connection, membership }: At): Promise<Outcome> {
  const { vault } = await open(context);
  const card = await offerHelp(vault, connection, membership);
  context.output.line(card);
  context.output.say(words.giveCard);
  return { data: { card } };
}

async function set(context: Context, { connection }: At, card: string): Promise<Outcome> {
  const { input, output } = context;
  const waitDays = input.number("waitDays", WAIT_DAYS.least) ?? WAIT_DAYS.least;
  if (waitDays > WAIT_DAYS.most) throw usageError("--wait-days", "not-taken");
  const { vault, profile, place } = await openToChange(context);
  const hadOne = vault.document.slots.some(({ kind }) => kind === "family");
  const { vault: changed, isForgotten } = await setFamily(vault, connection, { card, waitDays });
  // What an older helper could open opens nothing that is written from now on.
  const snapshot = hadOne ? (await startGeneration(changed)).snapshot : undefined;
  if (snapshot !== undefined) await noteSeen(context, profile, { place, snapshot });
  output.say(words.set, { days: countText(waitDays) });
  if (!isForgotten) output.warn(words.notForgotten);
  const share = changed.document.slots.find(({ kind }) => kind === "family")?.family?.share;
  return { data: { share, waitDays, isForgotten } };
}

async function start({ output }: Context, { connection }: At, share: string): Promise<Outcome> {
  await connection.call("POST /v1/family/{share}/start", { params: { share } });
  output.say(words.started);
  return { data: { share } };
}

async function veto({ output }: Context, { connection }: At, share: string): Promise<Outcome> {
  await connection.call("POST /v1/family/{share}/veto", { params: { share } });
  output.say(words.vetoed);
  return { data: { share } };
}

/** The words open the owner's vault: onto the screen of a person, or into a file. */
async function take(context: Context, { connection }: At, share: string): Promise<Outcome> {
  const { input, output, prompt } = context;
  const path = input.text("kitFile");
  if (path === undefined && prompt === undefined) throw usageError("--kit-file", "missing");
  const { vault } = await open(context);
  const language = languageOfWords(context);
  await using file = path === undefined ? undefined : await createWordsFile(path);
  const list = await takeHelp(vault, connection, { share, language });
  await file?.write(list);
  if (file === undefined) output.line(list.join(" "));
  output.say(file === undefined ? words.taken : words.takenToFile);
  return { data: { share } };
}

async function remove(context: Context, { connection }: At, share: string): Promise<Outcome> {
  const { output } = context;
  await requireConsent(context, words.reallyRemove);
  const { vault, profile, place } = await openToChange(context);
  const isNamed = vault.document.slots.some(({ family }) => family?.share === share);
  if (isNamed) {
    const dropped = await dropSlots(vault, ({ family }) => family?.share === share);
    const { snapshot } = await startGeneration(dropped);
    await noteSeen(context, profile, { place, snapshot });
  }
  await forgetFamily(connection, share);
  output.say(words.removed);
  return { data: { share } };
}

async function openToChange(context: Context) {
  const { vault, profile, place } = await openForKeys(context);
  if (profile === undefined || vault.device === undefined) throw new KeepsakeError("cli.not-this-device");
  return { vault, profile, place };
}

async function list({ output, clock }: Context, { connection }: At): Promise<Outcome> {
  const { shares } = await connection.call("GET /v1/family");
  const rows = shares.map((each) => {
    const { share, isOwn, waitDays, state, waitedMs, notices } = each;
    const untilMs = state === "waiting" ? clock.now() + waitDays * DAY_MS - waitedMs : undefined;
    output.event("help", { ...each, untilMs });
    return [
      share,
      output.text(isOwn ? words.yours : words.theirs),
      output.text(words.states[state], { day: untilMs === undefined ? "" : dayText(untilMs) }),
      countText(waitDays),
      countText(notices),
    ];
  });
  const { share, whose, state, days, told } = words.columns;
  output.table(
    [share, whose, state, days, told].map((each) => ({ title: output.text(each) })),
    rows,
  );
  if (rows.length === 0) output.say(words.none);
  return { data: { shares: rows.length } };
}
