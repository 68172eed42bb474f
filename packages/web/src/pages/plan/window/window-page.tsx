import type { Reach as HowFar } from "@keepsake/core/plans";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Form } from "../../../parts/form.tsx";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { language, say } from "../../../state/language.ts";
import { shownVersion } from "../../../state/version.ts";
import { planWords } from "../../../words/plan/have.ts";
import { windowWords } from "../../../words/plan/window.ts";
import { countText, dayText } from "../../../words/values.ts";
import type { PlanShown } from "../../../worker/plan/plan.ts";
import type { WindowState } from "../../../worker/plan/window.ts";
import { TwoSteps } from "../own/two-steps.tsx";
import { refresh } from "../shown.ts";
import { Days } from "./days.tsx";

const DAY_MS = 86_400_000;

interface WindowGiven {
  readonly shown: PlanShown;
}

/** What it means that a plan reaches back only so far, and forgetting by it: only what was shown, and only when asked. */
export function WindowPage(given: WindowGiven): VNode {
  const words = say(windowWords);
  return (
    <>
      <h1>{words.title}</h1>
      {shownVersion.value === undefined ? <Reach {...given} /> : <p class="care">{words.old}</p>}
    </>
  );
}

function Reach({ shown: { reach } }: WindowGiven): VNode {
  const words = say(windowWords);
  const state = useSignal<WindowState | undefined>(undefined);
  const toldAt = useRef<HTMLParagraphElement>(null);
  const error = useSignal<unknown>(undefined);
  const told = useSignal("");
  const look = async (): Promise<void> => {
    try {
      [state.value, error.value] = [await desk.planWindow.state(), undefined];
    } catch (problem) {
      error.value = problem;
    }
  };
  useEffect(() => void look(), []);
  const done = async (text: string): Promise<void> => {
    told.value = text;
    await look();
    // What was pressed is gone from the page.
    toldAt.current?.focus();
    void refresh();
  };
  if (reach === undefined) return <p>{words.unknown}</p>;
  return (
    <>
      <Meaning reach={reach} />
      <Problem error={error.value} />
      <div role="status">
        {told.value !== "" && (
          <p ref={toldAt} tabIndex={-1}>
            ✓ {told.value}
          </p>
        )}
        {state.value === undefined && error.value === undefined && (
          <p class="hint">{say(planWords).loading}</p>
        )}
      </div>
      {state.value !== undefined && (
        <Deeds reach={reach} state={state.value} onBegin={() => (told.value = "")} onDone={done} />
      )}
    </>
  );
}

/** What it means, in plain words. */
function Meaning({ reach: { name, window } }: { readonly reach: HowFar }): VNode {
  const words = say(windowWords);
  if (window === "all") return <p class="lead">{words.all(name[language.value])}</p>;
  const date = dayText(Date.now() - window.days * DAY_MS);
  return (
    <>
      <p class="lead">{words.reaches(name[language.value], countText(window.days), date)}</p>
      <ul>
        {words.lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}

interface DeedsGiven extends DoneGiven {
  readonly reach: HowFar;
  readonly state: WindowState;
  readonly onBegin: () => void;
}

/** What can be done now. */
function Deeds({ reach: { window }, state, onBegin, onDone }: DeedsGiven): VNode {
  return (
    <>
      {state.mayUndo && <Undo onDone={onDone} />}
      {window !== "all" && <Days window={window} kept={state.kept} onBegin={onBegin} onDone={onDone} />}
      {window === "all" && state.hasWindow && <Lift onDone={onDone} />}
    </>
  );
}

interface DoneGiven {
  /** Told what was done. */
  readonly onDone: (text: string) => Promise<void>;
}

/** The last step was to forget by a window: it can be taken back. */
function Undo({ onDone }: DoneGiven): VNode {
  const words = say(windowWords);
  const undo = async (): Promise<void> => {
    await onDone((await desk.planWindow.undo()) ? words.undone : words.undoGone);
  };
  return (
    <section class="care" aria-label={words.undo}>
      <p>{words.undoWhy}</p>
      <Form submit={words.undo} isSecond onSubmit={undo}>
        {null}
      </Form>
    </section>
  );
}

/** What an earlier plan's window keeps out comes back, as far as it is still there. */
function Lift({ onDone }: DoneGiven): VNode {
  const words = say(windowWords);
  const lift = async (): Promise<string> => {
    await desk.planWindow.lift();
    await onDone(words.loosened);
    return words.loosened;
  };
  return (
    <TwoSteps label={words.lift} sure={words.liftSure} onSure={lift}>
      <p>{words.isLifted}</p>
    </TwoSteps>
  );
}
