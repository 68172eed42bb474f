import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Form } from "../../../parts/form.tsx";
import { language, say } from "../../../state/language.ts";
import { to } from "../../../state/route.ts";
import { shownTitle } from "../../../words/names.ts";
import { windowWords } from "../../../words/plan/window.ts";
import { countText, dayText, dayValue, sizeText } from "../../../words/values.ts";
import type { Older, OlderChat } from "../../../worker/plan/window.ts";

const STEP = 30;

interface FoundGiven {
  readonly older: Older;
  readonly onLeave: () => void;
  /** Does what is shown, and says so. */
  readonly onApply: (older: Older, text: string) => Promise<void>;
}

/** What is older, chat by chat, and what can be done about it. */
export function Found({ older, onLeave, onApply }: FoundGiven): VNode {
  const words = say(windowWords);
  return (
    <section class="card" aria-label={words.older}>
      <h2>{words.older}</h2>
      {older.messages === 0 ? (
        <Nothing older={older} onLeave={onLeave} onApply={onApply} />
      ) : (
        <>
          <Sums older={older} />
          <Lines chats={older.chats} />
          <Consent older={older} onLeave={onLeave} onApply={onApply} />
        </>
      )}
    </section>
  );
}

/** Nothing goes; but the rule may be looser than the one before, or the choice another. */
function Nothing({ older, onLeave, onApply }: FoundGiven): VNode {
  const words = say(windowWords);
  const { isLooser, isOtherChoice } = older;
  return (
    <>
      <p>{words.nothing}</p>
      {isLooser && <p>{words.looser}</p>}
      {(isLooser || isOtherChoice) && (
        <Form
          submit={isLooser ? words.loosen : words.saveChoice}
          isSecond
          beside={<Leave onLeave={onLeave} />}
          onSubmit={() => onApply(older, isLooser ? words.loosened : words.saved)}
        >
          {null}
        </Form>
      )}
    </>
  );
}

function Sums({ older }: SumsGiven): VNode {
  const words = say(windowWords);
  const { messages, chats, untilMs, isLooser } = older;
  return (
    <>
      <p>{words.found(countText(messages), countText(chats.length), dayText(untilMs))}</p>
      <p>{filesText(older)}</p>
      {isLooser && <p class="hint">{words.looser}</p>}
    </>
  );
}

interface SumsGiven {
  readonly older: Older;
}

function Lines({ chats }: { readonly chats: readonly OlderChat[] }): VNode {
  const words = say(windowWords);
  const most = useSignal(STEP);
  const more = Math.min(STEP, chats.length - most.value);
  return (
    <>
      <ul class="plain-list">
        {chats.slice(0, most.value).map(({ id, title, messages, files, fileBytes, first, last }) => (
          <li key={id}>
            <span class="private">{shownTitle(title)}</span>
            <span class="hint">
              {words.line(countText(messages), words.days(dayText(first), dayText(last)))}
              {files > 0 && <> · {words.lineFiles(countText(files), sizeText(fileBytes))}</>}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" class="small" onClick={() => (most.value += STEP)}>
          {words.rest(countText(more))}
        </button>
      )}
    </>
  );
}

/** Two clicks, neither of them made beforehand. */
function Consent({ older, onLeave, onApply }: FoundGiven): VNode {
  const words = say(windowWords);
  const messages = countText(older.messages);
  const gone = words.forgotten(messages, countText(older.chats.length));
  const done = [gone, filesText(older)].join(language.value === "zh" ? "" : " ");
  return (
    <div class="care">
      <p>
        {words.onlyHere} <a href={to("take-out", [], { until: dayValue(older.untilMs) })}>{words.takeOut}</a>
      </p>
      <Form
        submit={words.forget(messages)}
        isSecond
        beside={<Leave onLeave={onLeave} />}
        onSubmit={() => onApply(older, done)}
      >
        <label class="check in-lines">
          <input type="checkbox" name="agreed" required />
          <span>{words.consent(messages)}</span>
        </label>
      </Form>
    </div>
  );
}

function Leave({ onLeave }: Pick<FoundGiven, "onLeave">): VNode {
  return (
    <button type="button" class="plain" onClick={onLeave}>
      {say(windowWords).keepAll}
    </button>
  );
}

function filesText({ files, fileBytes }: Older): string {
  const words = say(windowWords);
  return files === 0 ? words.noFiles : words.files(countText(files), sizeText(fileBytes));
}
