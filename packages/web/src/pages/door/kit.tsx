import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Field, Form } from "../../parts/form.tsx";
import { arrive } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { deviceName } from "../../state/device-name.ts";
import { language, say } from "../../state/language.ts";
import { door } from "../../words/pages/door.ts";

/** How many of the words are asked for. */
const ASKED = 3;

/** A vault is made, and its recovery words are handed over: shown, printed, and typed back. */
export function MakeKit({ onDone }: { readonly onDone: () => void }): VNode {
  const words = say(door);
  const given = useSignal<readonly string[]>([]);
  const isKept = useSignal(false);
  useEffect(() => {
    void desk.door.words().then((known) => (given.value = known));
  }, [given]);
  if (given.value.length === 0)
    return (
      <section class="door">
        <h1>{words.emptyTitle}</h1>
        <p>{words.emptyWhy}</p>
        <Form
          submit={words.emptyMake}
          onSubmit={async () => {
            given.value = await desk.door.makeVault({ deviceName: deviceName(), language: language.value });
          }}
        >
          {null}
        </Form>
      </section>
    );
  return isKept.value ? (
    <CheckKit onDone={onDone} onAgain={() => (isKept.value = false)} />
  ) : (
    <ShowKit words={given.value} onKept={() => (isKept.value = true)} />
  );
}

function ShowKit(given: { readonly words: readonly string[]; readonly onKept: () => void }): VNode {
  const words = say(door);
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(given.words.join(" "));
    isCopied.value = true;
  };
  return (
    <section class="door kit">
      <h1>{words.kitTitle}</h1>
      <p>{words.kitWhy}</p>
      <ol class="kit-words">
        {given.words.map((word) => (
          <li key={word}>{word}</li>
        ))}
      </ol>
      <div class="actions">
        <button type="button" onClick={() => print()}>
          {words.kitPrint}
        </button>
        <button type="button" onClick={() => void copy()}>
          {words.kitCopy}
        </button>
        <button type="button" class="main" onClick={given.onKept}>
          {words.kitKept}
        </button>
      </div>
      {isCopied.value && <p role="status">{words.kitCopied}</p>}
    </section>
  );
}

function CheckKit({ onDone, onAgain }: { readonly onDone: () => void; readonly onAgain: () => void }): VNode {
  const words = say(door);
  const isWrong = useSignal(false);
  const places = useMemo(() => someOf(24, ASKED), []);
  const again = (
    <button type="button" class="plain" onClick={onAgain}>
      {words.kitAgain}
    </button>
  );
  return (
    <section class="door">
      <h1>{words.kitCheckTitle}</h1>
      <p>{words.kitCheck}</p>
      <Form
        submit={words.next}
        beside={again}
        onSubmit={async (typed) => {
          const answers = places.map((place) => ({ place, word: typed[String(place)] ?? "" }));
          isWrong.value = !(await desk.door.checkWords(answers));
          if (isWrong.value) return;
          await arrive();
          onDone();
        }}
      >
        {places.map((place) => (
          <Field key={place} name={String(place)} label={words.kitWord(place + 1)} />
        ))}
        {isWrong.value && (
          <p class="problem" role="alert">
            {words.kitWrong}
          </p>
        )}
      </Form>
    </section>
  );
}

/** Some places out of so many, in order. */
function someOf(count: number, asked: number): readonly number[] {
  const places = Array.from({ length: count }, (_, i) => i);
  const random = crypto.getRandomValues(new Uint32Array(count));
  return places
    .toSorted((a, b) => random[a]! - random[b]!)
    .slice(0, asked)
    .sort((a, b) => a - b);
}
