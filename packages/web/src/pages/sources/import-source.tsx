import type { ProgressEvent, Report } from "@keepsake/core/base";
import { formatName } from "@keepsake/core/format-names";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { Problem as Failed } from "../../state/errors.ts";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { near } from "../../threads/calls.ts";
import { keepers, kept } from "../../words/ways/kept.ts";
import { sources } from "../../words/pages/sources.ts";
import { countText, sizeText } from "../../words/values.ts";
import type { Estimate } from "../../worker/act/estimate.ts";
import type { Imported, Questions, SourceFound } from "../../worker/act/imports.ts";
import { EstimateView } from "./estimate.tsx";
import { Ask, type Question } from "./questions.tsx";
import { error, estimated, question, step } from "./under-way.ts";

interface ImportGiven {
  readonly found: SourceFound;
  readonly onOther: () => void;
}

/** From what was found to what is sealed. */
export function ImportSource({ found, onOther }: ImportGiven): VNode {
  const words = say(sources);
  const now = step.value;
  const { format, files, bytes } = found;
  return (
    <div class="card">
      <p>{words.found(say(formatName(format)), countText(files), sizeText(bytes))}</p>
      {keepers[format] !== undefined && <p>{say(keepers[format]).says}</p>}
      {now.is === "named" && <Named found={found} onOther={onOther} />}
      {now.is === "running" && question.value === undefined && <Running told={now.told} share={now.share} />}
      {question.value !== undefined && <Ask question={question.value} />}
      {now.is === "stopped" && (
        <>
          <p role="status">{words.stopped}</p>
          <button type="button" onClick={onOther}>
            {words.other}
          </button>
        </>
      )}
      {now.is === "done" && (
        <Done result={now.result} onMore={onOther} onAccept={() => void run(now.name, true)} />
      )}
      <Problem error={error.value} />
      {now.is === "named" && estimated.value !== undefined && <EstimateView estimate={estimated.value} />}
    </div>
  );
}

/** What was found gets a name; or is weighed first. */
function Named({ found, onOther }: ImportGiven): VNode {
  const words = say(sources);
  return (
    <Form
      submit={words.start}
      beside={
        <>
          <button type="button" onClick={() => void weigh()}>
            {words.weigh}
          </button>
          <button type="button" class="plain" onClick={onOther}>
            {words.other}
          </button>
        </>
      }
      onSubmit={({ name = "" }) => run(name.trim())}
    >
      <Field name="name" label={words.name} hint={words.nameHint} value={found.name} />
    </Form>
  );
}

/** Shows that something is under way. */
function start(): void {
  const told = say(sources).stages["scan"] ?? "";
  [step.value, error.value] = [{ is: "running", told, share: undefined }, undefined];
}

async function run(name: string, acceptShrink = false): Promise<void> {
  start();
  try {
    step.value = { is: "done", name, result: await imported({ name, acceptShrink }) };
  } catch (problem) {
    const isStopped = Failed.is(problem, "base.aborted");
    [step.value, error.value] = isStopped ? [{ is: "stopped" }, undefined] : [{ is: "named" }, problem];
  } finally {
    question.value = undefined;
  }
}

async function weigh(): Promise<void> {
  start();
  try {
    estimated.value = await weighed();
  } catch (problem) {
    if (!Failed.is(problem, "base.aborted")) error.value = problem;
  } finally {
    [step.value, question.value] = [{ is: "named" }, undefined];
  }
}

/** Brings in what was found. */
function imported(given: { readonly name: string; readonly acceptShrink: boolean }): Promise<Imported> {
  return asking((questions, report) => desk.imports.run(given, questions, report));
}

/** Finds out what it would take. */
function weighed(): Promise<Estimate> {
  return asking((questions, report) => desk.imports.weigh(questions, report));
}

type Work<T> = (questions: Questions, report: Report) => Promise<T>;

/** Reads what was found, and puts the reader's questions. Where the password was not its own, it is asked for again. */
async function asking<T>(work: Work<T>, wrong?: unknown): Promise<T> {
  const asked = {
    password: () => askedOf<string>({ kind: "password", names: [], wrong }),
    chooseOwn: (names: readonly string[]) => askedOf<number>({ kind: "own", names }),
  };
  const report = (event: ProgressEvent): void => {
    // What is found stands in the end; what is done now is still the same.
    if (step.value.is === "running" && event.type !== "finding")
      step.value = { is: "running", ...toldOf(event, step.value.share) };
  };
  try {
    return await work(near(asked), near(report));
  } catch (problem) {
    if (!Failed.is(problem, "format.wrong-password")) throw problem;
    return asking(work, problem);
  }
}

/** Puts a question, and waits for the answer. */
function askedOf<T>(what: Omit<Question, "answer">): Promise<T | undefined> {
  return new Promise((resolve) => {
    question.value = {
      ...what,
      answer: (given) => {
        question.value = undefined;
        resolve(given as T | undefined);
      },
    };
  });
}

interface Told {
  readonly told: string;
  readonly share: number | undefined;
}

function toldOf(event: Exclude<ProgressEvent, { type: "finding" }>, share: number | undefined): Told {
  const name = say(sources).stages[event.stage] ?? event.stage;
  if (event.type === "stage") return { told: name, share };
  const { stage, done, total } = event;
  const bytes = done.bytes !== undefined && total?.bytes !== undefined && bytesTold[stage];
  if (bytes) return bytes(done.bytes, total.bytes);
  const { units } = say(sources);
  for (const of of ["messages", "objects", "attachments"] as const) {
    const count = done[of];
    if (count !== undefined) return { told: `${name} ${units[of](countText(count))}`, share };
  }
  return { told: name, share };
}

/** What is said of stages of which it is known how many bytes they have to do. */
const bytesTold: Partial<Record<string, (done: number, total: number) => Told>> = {
  read: (done, total) => ({
    told: say(sources).reading(sizeText(done), sizeText(total)),
    share: done / total,
  }),
  store: (done, total) => ({ told: say(sources).sending(sizeText(total - done)), share: undefined }),
};

function Running({ told, share }: { readonly told: string; readonly share: number | undefined }): VNode {
  const words = say(sources);
  return (
    <>
      <progress max={1} {...(share !== undefined && { value: share })} aria-label={told} />
      <p class="hint" role="status">
        {told}
      </p>
      <button type="button" onClick={() => void desk.imports.stop()}>
        {words.stop}
      </button>
    </>
  );
}

function newOfChats({ added, messages, chats, newFiles, newFileBytes }: Imported): readonly string[] {
  const words = say(sources);
  const files = newFiles > 0 ? [words.filesAdded(countText(newFiles), sizeText(newFileBytes))] : [];
  return [words.added(countText(added), countText(messages), countText(chats)), ...files];
}

function newOfFolder({ files, bytes, added, changed, removed }: NonNullable<Imported["folder"]>): string {
  const changes = [countText(added), countText(changed), countText(removed)] as const;
  return say(kept).added(countText(files), sizeText(bytes), changes);
}

interface DoneGiven {
  readonly result: Imported;
  readonly onMore: () => void;
  readonly onAccept: () => void;
}

function Done({ result, onMore, onAccept }: DoneGiven): VNode {
  const words = say(sources);
  const { isUnchanged, folder, storedBytes, readBack } = result;
  const told = [
    ...(folder === undefined ? newOfChats(result) : [newOfFolder(folder)]),
    words.stored(sizeText(storedBytes)),
    words.readBack(countText(readBack)),
  ];
  const findings = result.findings.filter(({ severity }) => severity !== "info");
  return (
    <div role="status">
      <h2>✓ {words.done}</h2>
      {isUnchanged ? <p>{words.unchanged}</p> : told.map((line) => <p key={line}>{line}</p>)}
      {result.shrink !== undefined && (
        <div class="care">
          <h3>{words.shrinkTitle}</h3>
          <p>{words.shrink(countText(result.shrink.chats), countText(result.shrink.messages))}</p>
          <button type="button" onClick={onAccept}>
            {words.acceptShrink}
          </button>
        </div>
      )}
      {findings.length > 0 && (
        <details>
          <summary>{words.findings}</summary>
          <ul>
            {findings.map(({ code, says, count }) => (
              <li key={code}>{words.finding(says === undefined ? code : say(says), countText(count))}</li>
            ))}
          </ul>
        </details>
      )}
      <div class="actions">
        <a class="button main" href={to(folder === undefined ? "chats" : "take-out")}>
          {folder === undefined ? words.look : say(kept).look}
        </a>
        <button type="button" onClick={onMore}>
          {words.more}
        </button>
      </div>
    </div>
  );
}
