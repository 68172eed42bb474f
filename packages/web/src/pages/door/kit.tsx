import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { Field, Form } from "../../parts/form.tsx";
import { arrival, arrive, isKitLater } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { deviceName } from "../../state/device-name.ts";
import { language, say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { kit } from "../../words/keys/kit.ts";
import { door } from "../../words/pages/door.ts";
import { longDayText } from "../../words/values.ts";
import type { Answer } from "../../worker/typed-back.ts";

/** How many of the words are asked for. */
const ASKED = 3;

/** A vault is made. */
export function MakeVault(): VNode {
  const words = say(kit);
  return (
    <section class="door">
      <h1>{words.emptyTitle}</h1>
      <p>{words.emptyWhy}</p>
      <Form
        submit={words.emptyMake}
        onSubmit={async () => {
          await desk.entrance.makeVault({ deviceName: deviceName(), language: language.value });
          await arrive();
        }}
      >
        {null}
      </Form>
    </section>
  );
}

/** The recovery words of a vault that was made here, until they are typed back. */
export function NewKit(): VNode | null {
  const words = say(kit);
  const given = useLoaded(() => desk.door.words(), []).value.value;
  if (given === undefined) return null;
  return (
    <Kit
      title={words.kitTitle}
      why={words.kitWhy}
      words={given}
      check={(answers) => desk.entrance.checkWords(answers)}
      onDone={() => void arrive()}
      beside={
        <button type="button" class="plain" onClick={() => (isKitLater.value = true)}>
          {words.kitLater}
        </button>
      }
    />
  );
}

interface KitGiven {
  readonly title: string;
  readonly why: string;
  readonly words: readonly string[];
  /** Whether what was typed back is right. */
  readonly check: (answers: readonly Answer[]) => Promise<boolean>;
  readonly onDone: () => void;
  /** What else may be done while the words are shown. */
  readonly beside?: VNode;
}

/** Recovery words are handed over: shown, printed, and typed back. */
export function Kit(given: KitGiven): VNode {
  const isKept = useSignal(false);
  return isKept.value ? (
    <CheckKit {...given} onAgain={() => (isKept.value = false)} />
  ) : (
    <ShowKit {...given} onKept={() => (isKept.value = true)} />
  );
}

function ShowKit(given: KitGiven & { readonly onKept: () => void }): VNode {
  const words = say(kit);
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(given.words.join(" "));
    isCopied.value = true;
  };
  return (
    <section class="door kit">
      <h1>{given.title}</h1>
      <p>{given.why}</p>
      <ol class="kit-words">
        {given.words.map((word, place) => (
          <li key={place}>{word}</li>
        ))}
      </ol>
      <OnPaper />
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
        {given.beside}
      </div>
      {isCopied.value && <p role="status">{words.kitCopied}</p>}
    </section>
  );
}

/** What stands on a printed card beside the words: for what they are, and where. */
function OnPaper(): VNode {
  const words = say(kit);
  const { value: vault } = useLoaded(() => desk.keys.vaultId(), []).value;
  const name = arrival.value?.name;
  const lines = [
    [words.paperWhere, location.origin],
    [say(door).nickname, name],
    [words.paperVault, vault],
    [words.paperMade, longDayText(Date.now())],
  ] as const;
  return (
    <div class="on-paper">
      <dl>
        {lines.map(([what, text]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p>{words.paperHow}</p>
    </div>
  );
}

function CheckKit({ check, onDone, onAgain }: KitGiven & { readonly onAgain: () => void }): VNode {
  const words = say(kit);
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
        submit={say(door).next}
        beside={again}
        onSubmit={async (typed) => {
          const answers = places.map((place) => ({ place, word: typed[String(place)] ?? "" }));
          isWrong.value = !(await check(answers));
          if (!isWrong.value) onDone();
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
