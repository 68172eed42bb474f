import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { Seal } from "../../parts/icons.tsx";
import { lookAtSample } from "../../state/arrival.ts";
import { say } from "../../state/language.ts";
import { to } from "../../state/route.ts";
import { door } from "../../words/pages/door.ts";

/** What a person sees first. */
export function Front(): VNode {
  const words = say(door);
  const isOpening = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const open = async (): Promise<void> => {
    isOpening.value = true;
    await lookAtSample().catch((problem: unknown) => (error.value = problem));
    isOpening.value = false;
  };
  return (
    <section class="door front">
      <Seal size={72} />
      <h1>{words.name}</h1>
      <p class="lead">{words.promise}</p>
      <div class="actions stacked">
        <a class="main button" href={to("sign-up")}>
          {words.begin}
        </a>
        <a class="button" href={to("log-in")}>
          {words.haveOne}
        </a>
        <button type="button" class="plain" disabled={isOpening.value} onClick={() => void open()}>
          {isOpening.value ? words.sampleOpening : words.sample}
        </button>
        <p class="hint">{words.sampleHint}</p>
      </div>
      <Problem error={error.value} />
    </section>
  );
}
