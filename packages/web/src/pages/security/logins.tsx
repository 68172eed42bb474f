import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { security } from "../../words/pages/security.ts";
import { longDayText } from "../../words/values.ts";
import { changes } from "./changes.ts";

/** Who is logged in at the server. */
export function Logins(): VNode {
  const words = say(security);
  const failed = useSignal<unknown>(undefined);
  const logins = useLoaded(() => desk.keys.logins(), [changes.value]);
  const { value = [], error } = logins.value;
  const logOut = (id: string): void => {
    desk.keys.logOut(id).then(
      () => changes.value++,
      (problem: unknown) => (failed.value = problem),
    );
  };
  return (
    <section class="card" id="logins">
      <h2>{words.logins}</h2>
      <Problem error={error ?? failed.value} />
      <ul class="plain-list">
        {value.map(({ id, platform, seenMs, isThis }) => (
          <li key={id}>
            <span>
              {words.platforms[platform] ?? platform} {isThis && <em>{words.thisOne}</em>}
              <span class="hint"> {words.lastSeen(longDayText(seenMs))}</span>
            </span>
            {!isThis && (
              <button type="button" class="small" onClick={() => logOut(id)}>
                {words.logOut}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
