import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { say } from "../state/language.ts";
import { keyWords } from "../words/keyboard.ts";
import { isHelpOpen } from "./keyboard.ts";

/** The list of keys. */
export function KeyHelp(): VNode {
  const words = say(keyWords);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isHelpOpen.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isHelpOpen.value]);
  return (
    <dialog ref={dialog} aria-label={words.title} onClose={() => (isHelpOpen.value = false)}>
      <h2>{words.title}</h2>
      <dl class="fields keys">
        {words.keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => (isHelpOpen.value = false)}>
        {words.close}
      </button>
    </dialog>
  );
}
