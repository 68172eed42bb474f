import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { shownVersion, showVersion } from "../../state/version.ts";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { countText, clockText, longDayText } from "../../words/values.ts";
import { versions } from "../../words/pages/versions.ts";
import type { VersionLine } from "../../worker/look/versions.ts";

const STEP = 30;

/** Every state that the vault was in. */
export function VersionsPage(): VNode {
  const words = say(versions);
  const most = useSignal(STEP);
  const lines = useLoaded(() => desk.versions.list(most.value), [most.value, shownVersion.value]);
  const { value, error } = lines.value;
  return (
    <section class="page">
      <h1>{words.title}</h1>
      <p class="lead">{words.lead}</p>
      <Problem error={error} />
      {value?.length === 0 && <p class="empty">{words.none}</p>}
      <ul class="plain-list">
        {value?.map((line) => (
          <Version key={line.number} line={line} />
        ))}
      </ul>
      {value !== undefined && value.length >= most.value && (
        <button type="button" onClick={() => (most.value += STEP)}>
          {words.more}
        </button>
      )}
    </section>
  );
}

function Version({ line }: { readonly line: VersionLine }): VNode {
  const words = say(versions);
  const { number, timeMs, verb, device, chats, messages, attachments, isKept, isShown } = line;
  const isOpen = useSignal(false);
  return (
    <li>
      <div>
        <strong>
          {longDayText(timeMs)} {clockText(timeMs)}
        </strong>
        <p class="hint">
          {words.verbs[verb] ?? verb} · {words.by(device)} ·{" "}
          {words.counts(countText(messages), countText(chats), countText(attachments))}
        </p>
      </div>
      <span>
        {isShown && <em>{words.shown}</em>}
        {!isKept && <em>{words.gone}</em>}
        {isKept && (
          <button
            type="button"
            class="plain small"
            aria-expanded={isOpen.value}
            onClick={() => (isOpen.value = !isOpen.value)}
          >
            {words.changes}
          </button>
        )}
        {isKept && !isShown && (
          <button type="button" class="small" onClick={() => void showVersion(number, timeMs)}>
            {words.look}
          </button>
        )}
      </span>
      {isOpen.value && <Changes number={number} />}
    </li>
  );
}

function Changes({ number }: { readonly number: number }): VNode {
  const words = say(versions);
  const changes = useLoaded(() => desk.versions.changes(number), [number]);
  const { value, error } = changes.value;
  return (
    <div class="changes">
      <Problem error={error} />
      {value?.length === 0 && <p class="hint">{words.nothing}</p>}
      <ul>
        {value?.map(({ chat, title, change, messages: [before, after] }) => (
          <li key={chat}>
            <span class="private">{title}</span> · {words.changed[change]} ·{" "}
            {words.difference(countText(before), countText(after))}
          </li>
        ))}
      </ul>
    </div>
  );
}
