import type { Progress, ProgressEvent, Stage } from "@keepsake/core/base";
import { fill, type Language, type Words } from "./language.ts";
import { stages } from "./messages/progress.ts";
import { countText, sizeText, spanText } from "./values.ts";
import { cutTo } from "./width.ts";

const REDRAW_MS = 100;
/** Where there is no terminal, a line now and then is enough. */
const LINE_MS = 10_000;

export interface ProgressView {
  show(event: ProgressEvent): void;
  /** Takes the line away, so that something else can be printed. */
  clear(): void;
}

/** Progress in one line that is drawn over and over on a terminal, and as a line every ten seconds elsewhere. */
export function progressView(
  stream: NodeJS.WriteStream,
  language: Language,
  now: () => number = Date.now,
): ProgressView {
  const isTerminal = stream.isTTY;
  let stage: Stage | undefined;
  let begun = now();
  let drawn = isTerminal ? 0 : now();
  let done: Progress = {};
  let isShown = false;
  const clear = (): void => {
    if (isShown) stream.write("\r\u001b[K");
    isShown = false;
  };
  return {
    clear,
    show(event) {
      if (event.type === "finding") return;
      if (event.stage !== stage) {
        [stage, begun, done] = [event.stage, now(), {}];
      }
      if (event.type === "progress") done = { ...done, ...event.done };
      if (now() - drawn < (isTerminal ? REDRAW_MS : LINE_MS)) return;
      drawn = now();
      const text = progressText({ stage: event.stage, done, total: event.total }, now() - begun, language);
      if (!isTerminal) return void stream.write(`${text}\n`);
      stream.write(`\r${cutTo(text, Math.max(20, stream.columns - 1))}\u001b[K`);
      isShown = true;
    },
  };
}

interface State {
  readonly stage: Stage;
  readonly done: Progress;
  readonly total: Progress | undefined;
}

/** Stage, share, counts, rate and time left, as far as they are known. */
export function progressText({ stage, done, total }: State, elapsedMs: number, language: Language): string {
  const name = stages[stage];
  const parts = [
    shareText(done, total),
    counted(done.messages, stages.messages, language),
    counted(
      done.attachments ?? done.objects,
      done.attachments === undefined ? stages.objects : stages.files,
      language,
    ),
    done.bytes === undefined ? "" : sizeText(done.bytes),
    elapsedMs < 1000 || done.bytes === undefined ? "" : `${sizeText((done.bytes / elapsedMs) * 1000)}/s`,
    leftText({ done, total }, elapsedMs, language),
  ];
  return `${name[language]}${language === "zh" ? "：" : ": "}${parts.filter((part) => part !== "").join(" · ")}`;
}

function counted(count: number | undefined, what: Words, language: Language): string {
  return count === undefined || count === 0 ? "" : fill(what, language, { n: countText(count) });
}

function share(done: Progress, total: Progress | undefined): number | undefined {
  if (total?.bytes === undefined || done.bytes === undefined || total.bytes === 0) return undefined;
  return Math.min(1, done.bytes / total.bytes);
}

function shareText(done: Progress, total: Progress | undefined): string {
  const part = share(done, total);
  return part === undefined ? "" : `${Math.floor(part * 100)} %`;
}

/** What is left is guessed only once there is something to guess from. */
function leftText(
  { done, total }: Pick<State, "done" | "total">,
  elapsedMs: number,
  language: Language,
): string {
  const part = share(done, total);
  if (part === undefined || part < 0.01 || elapsedMs < 2000) return "";
  return fill(stages.left, language, { time: spanText((elapsedMs / part) * (1 - part)) });
}
