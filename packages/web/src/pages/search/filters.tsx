import { kinds } from "@keepsake/core/model";
import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { language, say } from "../../state/language.ts";
import { route } from "../../state/route.ts";
import { search } from "../../words/pages/search.ts";
import { ask } from "./found.ts";

const names = ["chat", "who", "from", "until", "kind"] as const;

/** Who, when, where and what. */
export function Filters(): VNode {
  const words = say(search);
  const { query } = route.value;
  const isUsed = names.some((name) => query[name] !== undefined);
  const id = useId();
  const labels = Object.entries(kinds).map(([kind, { label }]) => ({ kind, label: label[language.value] }));
  const change = (name: string) => (event: Event & { currentTarget: { value: string } }) =>
    ask({ ...route.value.query, [name]: event.currentTarget.value });
  return (
    <details class="filters" open={isUsed}>
      <summary>{words.filters}</summary>
      <div class="dates">
        {(["chat", "who"] as const).map((name) => (
          <div class="field" key={name}>
            <label for={`${id}-${name}`}>{words[name]}</label>
            <input id={`${id}-${name}`} type="text" value={query[name] ?? ""} onInput={change(name)} />
          </div>
        ))}
        {(["from", "until"] as const).map((name) => (
          <div class="field" key={name}>
            <label for={`${id}-${name}`}>{words[name]}</label>
            <input id={`${id}-${name}`} type="date" value={query[name] ?? ""} onChange={change(name)} />
          </div>
        ))}
        <div class="field">
          <label for={`${id}-kind`}>{words.kind}</label>
          <select id={`${id}-kind`} value={query["kind"] ?? ""} onChange={change("kind")}>
            <option value="">{words.anyKind}</option>
            {labels.map(({ kind, label }) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </select>
        </div>
      </div>
      {isUsed && (
        <button type="button" class="plain small" onClick={() => ask({ text: query["text"] ?? "" })}>
          {words.clear}
        </button>
      )}
    </details>
  );
}
