import type { ProgressEvent } from "@keepsake/core/base";
import type { Window } from "@keepsake/core/care";
import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Form } from "../../../parts/form.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { near } from "../../../threads/calls.ts";
import { windowWords } from "../../../words/plan/window.ts";
import { countText } from "../../../words/values.ts";
import type { Older } from "../../../worker/plan/window.ts";
import { Chosen } from "./chosen.tsx";
import { Found } from "./found.tsx";

interface DaysGiven {
  readonly window: Window;
  /** Chats that are kept for ever now, by id. */
  readonly kept: readonly string[];
  readonly onBegin: () => void;
  /** Told what was done. */
  readonly onDone: (text: string) => Promise<void>;
}

/** Chooses what is kept for ever, shows what is older than so many days, and forgets it once that is wanted. */
export function Days({ window, kept, onBegin, onDone }: DaysGiven): VNode {
  const words = say(windowWords);
  const chosen = useSignal<readonly string[] | undefined>(undefined);
  const older = useSignal<Older | undefined>(undefined);
  const working = useSignal("");
  const problem = useSignal("");
  const chats = chosen.value ?? kept;
  const most = window.chatsForEver;
  const report = near((event: ProgressEvent) => {
    if (event.type === "progress") working.value = words.looking(countText(event.done.messages ?? 0));
    else working.value = words.working;
  });
  const forget = (): void => {
    [older.value, problem.value] = [undefined, ""];
    onBegin();
  };
  const look = async (): Promise<void> => {
    forget();
    working.value = words.looking(countText(0));
    try {
      older.value = await desk.planWindow.look(window, chats, report);
    } finally {
      working.value = "";
    }
  };
  const apply = async (shown: Older, text: string): Promise<void> => {
    working.value = words.working;
    try {
      const isDone = await desk.planWindow.apply(shown.number, report);
      forget();
      if (isDone) await onDone(text);
      else problem.value = words.changed;
    } finally {
      working.value = "";
    }
  };
  return (
    <>
      <Chosen
        most={most}
        chosen={chats}
        onChoose={(list) => {
          chosen.value = list;
          forget();
        }}
      />
      {older.value === undefined ? (
        <Form submit={words.look} isDone={chats.length > most} onSubmit={look}>
          {null}
        </Form>
      ) : (
        <Found older={older.value} onLeave={forget} onApply={apply} />
      )}
      <div role="status">
        {working.value !== "" && (
          <p>
            <progress aria-label={working.value} /> {working.value}
          </p>
        )}
        {problem.value !== "" && <p class="care">{problem.value}</p>}
      </div>
    </>
  );
}
