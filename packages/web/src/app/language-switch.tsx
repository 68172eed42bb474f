import type { VNode } from "preact";
import { arrive } from "../state/arrival.ts";
import { language, speak, tags } from "../state/language.ts";

/** Changes the language; it says so in the other one. */
export function LanguageSwitch(): VNode {
  const other = language.value === "zh" ? "en" : "zh";
  return (
    <button
      type="button"
      class="plain small"
      lang={tags[other]}
      onClick={() => {
        speak(other);
        void arrive();
      }}
    >
      {other === "zh" ? "中文" : "English"}
    </button>
  );
}
