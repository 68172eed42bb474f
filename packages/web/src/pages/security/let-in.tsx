import { signal, useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { laterPage } from "../../app/later-page.tsx";
import { Problem as ProblemLine } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { Problem } from "../../state/errors.ts";
import { say } from "../../state/language.ts";
import { letIn } from "../../words/keys/let-in.ts";
import { changes } from "./changes.ts";

type Step =
  | { readonly is: "closed" | "words" | "code" | "refused" | "done" | "left-behind" }
  | { readonly is: "compare"; readonly digits: string };

/** It stays when the page is drawn anew: that goes on while a device comes in. */
const step: Signal<Step> = signal({ is: "closed" });

const Scan = laterPage(async () => (await import("./scan.tsx")).Scan);

/** On a device that is there: lets a new one in. */
export function LetIn(): VNode {
  const words = say(letIn);
  const { is } = step.value;
  return (
    <section class="card">
      <h2>{words.title}</h2>
      {is === "words" ? (
        <Words />
      ) : is === "code" ? (
        <Code />
      ) : step.value.is === "compare" ? (
        <Compare digits={step.value.digits} />
      ) : (
        <>
          <p>{words.why}</p>
          <div class="actions">
            <button type="button" onClick={() => (step.value = { is: "words" })}>
              {words.begin}
            </button>
          </div>
          {is === "done" && <p role="status">✓ {words.done}</p>}
          {is === "refused" && <p role="alert">{words.refused}</p>}
          {is === "left-behind" && (
            <p class="problem" role="alert">
              {words.leftBehind}
            </p>
          )}
        </>
      )}
    </section>
  );
}

function Cancel(): VNode {
  const cancel = async (): Promise<void> => {
    await desk.enrol.stop();
    step.value = { is: "closed" };
  };
  return (
    <button type="button" class="plain" onClick={() => void cancel()}>
      {say(letIn).cancel}
    </button>
  );
}

function Words(): VNode {
  const words = say(letIn);
  return (
    <Form
      submit={words.next}
      beside={<Cancel />}
      onSubmit={async ({ words: typed = "" }) => {
        await desk.enrol.prepare(typed);
        step.value = { is: "code" };
      }}
    >
      <Field name="words" label={words.words} rows={3} />
    </Form>
  );
}

function Code(): VNode {
  const words = say(letIn);
  const isScanning = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const answer = async (code: string): Promise<void> => {
    step.value = { is: "compare", digits: await desk.enrol.answer(code) };
  };
  const canScan = "BarcodeDetector" in globalThis && navigator.mediaDevices !== undefined;
  return (
    <>
      <p>{words.onNew}</p>
      {canScan && !isScanning.value && (
        <button type="button" onClick={() => (isScanning.value = true)}>
          {words.scan}
        </button>
      )}
      {isScanning.value && (
        <Scan
          onCode={(code) => {
            isScanning.value = false;
            answer(code).catch((problem: unknown) => (error.value = problem));
          }}
        />
      )}
      <Form submit={words.answer} beside={<Cancel />} onSubmit={({ code = "" }) => answer(code)}>
        <Field name="code" label={words.paste} rows={3} />
        <ProblemLine error={error.value} />
      </Form>
    </>
  );
}

function Compare({ digits }: { readonly digits: string }): VNode {
  const words = say(letIn);
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const end = async (act: () => Promise<void>, is: "done" | "refused"): Promise<void> => {
    [isBusy.value, error.value] = [true, undefined];
    try {
      await act();
      step.value = { is };
    } catch (problem) {
      const isLeft = problem instanceof Problem && problem.told.details["writer"] !== undefined;
      if (isLeft) step.value = { is: "left-behind" };
      error.value = problem;
    } finally {
      isBusy.value = false;
      changes.value++;
    }
  };
  return (
    <div>
      <p>{words.question}</p>
      <p class="digits">{digits}</p>
      <ProblemLine error={error.value} />
      <div class="actions">
        <button
          type="button"
          class="main"
          disabled={isBusy.value}
          onClick={() => void end(() => desk.enrol.confirm(), "done")}
        >
          {words.same}
        </button>
        <button
          type="button"
          disabled={isBusy.value}
          onClick={() => void end(() => desk.enrol.refuse(), "refused")}
        >
          {words.different}
        </button>
      </div>
    </div>
  );
}
