import { proposalsFor, survey, type Proposal, type Survey } from "@keepsake/core/history";
import type { Context, Run } from "../../context.ts";
import { openToWrite } from "../../device/open.ts";
import { isAddress, writeTrial } from "../../device/stores/stores.ts";
import * as words from "../../ui/messages/choose.ts";
import { countText, sizeText, spanText } from "../../ui/values.ts";
import { answersOf } from "../reading/answers.ts";
import { stepsOf } from "../reading/steps.ts";
import { chooseSource, counted, sourcePath } from "../reading/source.ts";
import { changeChoices } from "./change.ts";
import { choiceText, printAsides } from "./words.ts";

/** So many chats are shown. */
const SHOWN = 20;

export const run: Run = async (context) => {
  const { output, signal } = context;
  const opened = await openToWrite(context);
  const source = await chooseSource(context, sourcePath(context));
  const from = counted(source, context);
  const { choices } = opened.history.root;
  const steps = stepsOf(context, { source, from, answers: answersOf(context) });
  const found = await survey(steps, { choices, signal, report: output.report });
  printSurvey(context, found);
  const proposals = proposalsFor(found);
  const data = { chats: found.chats.length, proposals: proposals.length };
  if (proposals.length === 0) {
    output.say(words.noProposals);
    return { data: { ...data, chosen: [] } };
  }
  const perSecond = await bytesPerSecond(context, opened.place);
  output.say(words.proposals, { rate: sizeText(perSecond) });
  const accepted = await ask(context, proposals, perSecond);
  return { data: { ...data, chosen: await changeAll(context, opened, accepted) } };
};

async function changeAll(
  context: Context,
  opened: Awaited<ReturnType<typeof openToWrite>>,
  accepted: readonly Proposal[],
): Promise<readonly string[]> {
  if (accepted.length === 0) return [];
  const made = await changeChoices(context, opened, { add: accepted.map(({ choice }) => choice) });
  for (const choice of made)
    context.output.say(words.chosen, { id: choice.id, what: choiceText(context.output, choice) });
  return made.map(({ id }) => id);
}

/** What the source holds, chat by chat, the largest first. */
function printSurvey({ output }: Context, { chats, asides }: Survey): void {
  const largest = chats.toSorted((a, b) => b.bytes - a.bytes || b.messages - a.messages);
  const sum = (of: (chat: Survey["chats"][number]) => number): number =>
    chats.reduce((all, chat) => all + of(chat), 0);
  output.say(words.holds, {
    chats: countText(chats.length),
    messages: countText(sum(({ messages }) => messages)),
    files: countText(sum(({ files }) => files)),
    size: sizeText(sum(({ bytes }) => bytes)),
  });
  const rows = largest.map(({ chat, title = chat, kind, messages, files, bytes, own }) => {
    output.event("chat", { chat, title, kind, messages, files, bytes, own });
    return [title, kind, countText(messages), countText(files), sizeText(bytes)];
  });
  output.say(words.largest);
  const { chat, kind, messages, files, size } = words.chatColumns;
  const text = (each: typeof chat): string => output.text(each);
  output.table(
    [
      { title: text(chat), most: 32 },
      { title: text(kind) },
      { title: text(messages), align: "right" },
      { title: text(files), align: "right" },
      { title: text(size), align: "right" },
    ],
    rows.slice(0, SHOWN),
  );
  printAsides(output, asides);
}

/** Each proposal on its own lines; those that the person accepts. None is, unless they say so. */
async function ask(
  context: Context,
  proposals: readonly Proposal[],
  perSecond: number,
): Promise<readonly Proposal[]> {
  const { output, prompt, input } = context;
  const given = input.someOf(
    "accept",
    proposals.map(({ what }) => what),
  );
  const accepted: Proposal[] = [];
  for (const proposal of proposals) {
    printProposal(context, proposal, perSecond);
    const isMeant = given?.includes(proposal.what) ?? prompt?.confirm(output.text(words.leaveOut));
    if ((await isMeant) === true) accepted.push(proposal);
  }
  if (given === undefined && prompt === undefined) output.say(words.acceptNext);
  return accepted;
}

function printProposal({ output }: Context, proposal: Proposal, perSecond: number): void {
  const { what, choice, messages, files, bytes } = proposal;
  const seconds = Math.round(bytes / perSecond);
  output.event("proposal", { what, choice, messages, files, bytes, seconds });
  const counts = { messages: countText(messages), files: countText(files), size: sizeText(bytes) };
  output.line(`${output.bold(what)}: ${output.text(words.proposal[what])}`);
  output.line(`  ${output.text(words.saving, { ...counts, time: spanText(seconds * 1000) })}`);
}

const TRIED_BYTES = 32 * 1024 * 1024;
/** Enough to tell a fast line from a slow one, and soon over on either. */
const TRIED_ON_NETWORK_BYTES = 2 * 1024 * 1024;

/** How much this machine hashes, seals and writes to the store in a second: tried just now. */
async function bytesPerSecond(context: Context, place: string): Promise<number> {
  const { primitives } = context;
  const size = isAddress(place) ? TRIED_ON_NETWORK_BYTES : TRIED_BYTES;
  const plain = primitives.random(size);
  const sealed = new Uint8Array(size + 16);
  const begun = performance.now();
  primitives.sha256(plain);
  const [key, nonce] = [primitives.random(32), primitives.random(12)];
  await primitives.sealGcm(key, nonce, { pieces: [plain], aad: new Uint8Array(0) }, sealed);
  await writeTrial(context, place, sealed);
  return (size / (performance.now() - begun)) * 1000;
}
