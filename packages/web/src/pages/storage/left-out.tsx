import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { language, say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { kindEntry } from "@keepsake/core/model";
import { storage } from "../../words/pages/storage.ts";
import { countText, dayText, sizeText } from "../../words/values.ts";
import type { ChoiceShown } from "../../worker/act/left-out.ts";

/** What somebody chose not to keep; nothing where nobody did. */
export function LeftOut(): VNode | null {
  const words = say(storage);
  const edition = useSignal(0);
  const problem = useSignal<unknown>(undefined);
  const { value, error } = useLoaded(() => desk.leftOut.list(), [edition.value]).value;
  const keepAgain = async (id: string): Promise<void> => {
    try {
      await desk.leftOut.remove(id);
      edition.value++;
    } catch (thrown) {
      problem.value = thrown;
    }
  };
  if (error !== undefined) return <Problem error={error} />;
  if (value === undefined || value.length === 0) return null;
  return (
    <section class="card" aria-label={words.leftOut}>
      <h2>{words.leftOut}</h2>
      <p class="hint">{words.leftOutHint}</p>
      <ul class="plain-list">
        {value.map((choice) => (
          <li key={choice.id}>
            {choiceText(choice)}{" "}
            <button
              type="button"
              aria-label={`${words.keepAgain}: ${choiceText(choice)}`}
              onClick={() => void keepAgain(choice.id)}
            >
              {words.keepAgain}
            </button>
          </li>
        ))}
      </ul>
      <Problem error={problem.value} />
    </section>
  );
}

function choiceText({ what, chats, chatKinds, kinds, from, until, overBytes }: ChoiceShown): string {
  const words = say(storage);
  const parts = [
    chats !== undefined && words.ofChats(countText(chats)),
    ...(chatKinds ?? []).map((kind) => words.chatKinds[kind] ?? kind),
    ...(kinds ?? []).map((kind) => kindEntry(kind)?.label[language.value] ?? kind),
    overBytes !== undefined && words.over(sizeText(overBytes)),
    from !== undefined && words.from(dayText(from)),
    until !== undefined && words.until(dayText(until)),
  ].filter((part) => part !== false);
  const isChinese = language.value === "zh";
  return `${words.what[what]}${isChinese ? "：" : ": "}${parts.join(isChinese ? "，" : ", ")}`;
}
