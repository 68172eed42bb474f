import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { language, say, speak, type Language } from "../../state/language.ts";
import { changeLook, look, type Reading, type Size, type Theme } from "../../state/look.ts";
import { arrive, isSample } from "../../state/arrival.ts";
import { settings } from "../../words/pages/settings.ts";

/** How the page speaks and looks. */
export function SettingsPage(): VNode {
  const words = say(settings);
  const { theme, size, reading, isBlurred, lockMinutes } = look.value;
  return (
    <section class="page">
      <h1>{words.title}</h1>
      <Choice
        name={words.language}
        value={language.value}
        of={{ zh: "中文", en: "English" }}
        onChoose={(chosen: Language) => {
          speak(chosen);
          void arrive();
        }}
      />
      <Choice
        name={words.theme}
        value={theme}
        of={words.themes}
        onChoose={(chosen: Theme) => changeLook({ theme: chosen })}
      />
      <Choice
        name={words.size}
        value={size}
        of={words.sizes}
        onChoose={(chosen: Size) => changeLook({ size: chosen })}
      />
      <Choice
        name={words.reading}
        value={reading}
        of={words.readings}
        onChoose={(chosen: Reading) => changeLook({ reading: chosen })}
      />
      <p class="hint">{words.readingHint}</p>
      <Choice
        name={words.lock}
        value={String(lockMinutes)}
        of={words.locks}
        onChoose={(chosen: string) => changeLook({ lockMinutes: Number(chosen) })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={isBlurred}
          onChange={({ currentTarget: { checked } }) => changeLook({ isBlurred: checked })}
        />
        <span>{words.blur}</span>
      </label>
      <p class="hint">{words.blurHint}</p>
      {!isSample.value && <Leave />}
    </section>
  );
}

/** Logs out, once that is meant. */
function Leave(): VNode {
  const words = say(settings);
  const isAsked = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const leave = (): void => {
    desk.door.leave().then(
      () => location.reload(),
      (problem: unknown) => (error.value = problem),
    );
  };
  if (!isAsked.value)
    return (
      <button type="button" onClick={() => (isAsked.value = true)}>
        {words.leave}
      </button>
    );
  return (
    <section class="card">
      <p>{words.leaveWhy}</p>
      <Problem error={error.value} />
      <div class="actions">
        <button type="button" onClick={leave}>
          {words.leaveSure}
        </button>
        <button type="button" class="plain" onClick={() => (isAsked.value = false)}>
          {words.leaveBack}
        </button>
      </div>
    </section>
  );
}

interface ChoiceGiven<T extends string> {
  readonly name: string;
  readonly value: T;
  readonly of: Readonly<Record<T, string>>;
  readonly onChoose: (chosen: T) => void;
}

/** One of a few. */
function Choice<T extends string>({ name, value, of, onChoose }: ChoiceGiven<T>): VNode {
  return (
    <fieldset class="choice">
      <legend>{name}</legend>
      {(Object.keys(of) as T[]).map((each) => (
        <label key={each}>
          <input type="radio" name={name} checked={each === value} onChange={() => onChoose(each)} />
          <span>{of[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
