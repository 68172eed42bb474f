import type { VNode } from "preact";
import { say } from "../state/language.ts";
import { hasUpdate, takeUpdate } from "../state/update.ts";
import { frame } from "../words/frame.ts";

/** Says that a new version waits; it is used when the person wants it. */
export function UpdateNote(): VNode | null {
  const words = say(frame);
  if (!hasUpdate.value) return null;
  return (
    <p class="banner" role="status">
      {words.update}{" "}
      <button type="button" class="plain small" onClick={takeUpdate}>
        {words.useUpdate}
      </button>
    </p>
  );
}
