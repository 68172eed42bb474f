import { signal, useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Problem as ProblemLine } from "../../parts/problem.tsx";
import { arrival } from "../../state/arrival.ts";
import { authenticator } from "../../state/authenticator.ts";
import { desk } from "../../state/desk.ts";
import { Problem } from "../../state/errors.ts";
import { language, say } from "../../state/language.ts";
import { card } from "../../words/keys/card.ts";
import type { Answer } from "../../worker/typed-back.ts";
import { Kit } from "../door/kit.tsx";
import { changes } from "./changes.ts";

/** The words of a new card that were not typed back yet: they stay when the page is drawn anew. */
export const newWords: Signal<readonly string[] | undefined> = signal(undefined);

/** What came of the new card last. */
const outcome: Signal<"done" | Problem | undefined> = signal(undefined);

/** The way to a new card: with the old one at hand, or without it. */
export function Renew(): VNode {
  const words = say(card);
  const way = useSignal<"have" | "lost" | undefined>(undefined);
  const isOpen = useSignal(false);
  const close = (): void => {
    [way.value, isOpen.value] = [undefined, false];
  };
  if (!isOpen.value)
    return (
      <div class="actions">
        <button type="button" onClick={() => (isOpen.value = true)}>
          {words.renew}
        </button>
        {outcome.value === "done" ? (
          <p role="status">✓ {words.done}</p>
        ) : (
          <ProblemLine error={outcome.value} />
        )}
      </div>
    );
  return (
    <section class="care" aria-label={words.renew}>
      <h3>{words.renew}</h3>
      <p>{words.renewWhy}</p>
      {way.value === undefined ? (
        <div class="actions">
          <button type="button" onClick={() => (way.value = "have")}>
            {words.have}
          </button>
          <button type="button" onClick={() => (way.value = "lost")}>
            {words.lost}
          </button>
          <button type="button" class="plain" onClick={close}>
            {words.cancel}
          </button>
        </div>
      ) : (
        <Prove key={way.value} way={way.value} onCancel={close} />
      )}
    </section>
  );
}

/** What shows that it is the person who wants a new card. */
function Prove({ way, onCancel }: { readonly way: "have" | "lost"; readonly onCancel: () => void }): VNode {
  const words = say(card);
  const isLost = way === "lost";
  const hasPassword = arrival.value?.hasPassword !== false;
  const cancel = (
    <button type="button" class="plain" onClick={onCancel}>
      {words.cancel}
    </button>
  );
  return (
    <>
      {isLost ? (
        <ul>
          {words.lostWhy.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : (
        <p>{words.haveWhy}</p>
      )}
      <Form
        submit={words.make}
        beside={cancel}
        onSubmit={async ({ old = "", password = "" }) => {
          outcome.value = undefined;
          const given = isLost ? { password: hasPassword ? password : undefined } : { words: old };
          newWords.value = await desk.keyChanges.newCard(given, language.value, authenticator);
        }}
      >
        {isLost && !hasPassword ? (
          <p>{words.byPasskey}</p>
        ) : isLost ? (
          <Field name="password" type="password" label={words.password} autocomplete="current-password" />
        ) : (
          <Field name="old" label={words.words} rows={3} />
        )}
      </Form>
    </>
  );
}

/** The new card is handed over; it counts once it was typed back. */
export function RenewedKit({ words: list }: { readonly words: readonly string[] }): VNode {
  const words = say(card);
  const end = (came: "done" | Problem | undefined): void => {
    [outcome.value, newWords.value] = [came, undefined];
    changes.value++;
  };
  const check = async (answers: readonly Answer[]): Promise<boolean> => {
    try {
      return await desk.keyChanges.typeBackCard(answers);
    } catch (error) {
      if (!Problem.is(error, "web.card-unchanged")) throw error;
      end(error);
      return false;
    }
  };
  const cancel = async (): Promise<void> => {
    await desk.keyChanges.dropCard();
    end(undefined);
  };
  return (
    <Kit
      title={words.kitTitle}
      why={words.kitWhy}
      words={list}
      check={check}
      onDone={() => end("done")}
      beside={
        <button type="button" class="plain" onClick={() => void cancel()}>
          {words.cancel}
        </button>
      }
    />
  );
}
