import { useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Field, Form } from "../../parts/form.tsx";
import { Problem as ProblemLine } from "../../parts/problem.tsx";
import { arrive } from "../../state/arrival.ts";
import { desk } from "../../state/desk.ts";
import { deviceName } from "../../state/device-name.ts";
import { Problem } from "../../state/errors.ts";
import { say } from "../../state/language.ts";
import { go, to } from "../../state/route.ts";
import { letIn } from "../../words/keys/let-in.ts";
import type { OfferShown } from "../../worker/act/enrol.ts";

/** On a new device: a device that is there lets it in. */
export function FromDevice(): VNode {
  const words = say(letIn);
  const password = useSignal("");
  const offer = useSignal<OfferShown | undefined>(undefined);
  useEffect(() => () => void desk.enrol.stop(), []);
  const show = async (): Promise<void> => {
    offer.value = await desk.enrol.offer(password.value);
  };
  const back = (
    <a class="button plain" href={to("home")}>
      {words.back}
    </a>
  );
  return (
    <section class="door">
      <h1>{words.newTitle}</h1>
      {offer.value === undefined ? (
        <>
          <p>{words.passwordWhy}</p>
          <Form
            submit={words.showCode}
            beside={back}
            onSubmit={async (given) => {
              password.value = given["password"] ?? "";
              await show();
            }}
          >
            <Field
              name="password"
              type="password"
              label={words.password}
              hint={words.passwordHint}
              autocomplete="new-password"
            />
          </Form>
        </>
      ) : (
        <>
          <Offered key={offer.value.code} offer={offer.value} password={password.value} onAgain={show} />
          {back}
        </>
      )}
    </section>
  );
}

interface OfferedGiven {
  readonly offer: OfferShown;
  readonly password: string;
  readonly onAgain: () => Promise<void>;
}

/** The code, then the digits, then in. */
function Offered({ offer, password, onAgain }: OfferedGiven): VNode {
  const words = say(letIn);
  const digits = useSignal<string | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  useEffect(() => {
    const comeIn = async (): Promise<void> => {
      digits.value = await desk.enrol.digits();
      await desk.enrol.comeIn({ password, deviceName: deviceName() });
      go(to("home"), true);
      await arrive();
    };
    comeIn().catch((problem: unknown) => {
      // Stopped by the person.
      if (!Problem.is(problem, "base.aborted")) error.value = problem;
    });
  }, []);
  if (error.value !== undefined)
    return (
      <>
        {Problem.is(error.value, "enrol.gone") ? (
          <p class="problem" role="alert">
            {words.expired}
          </p>
        ) : (
          <ProblemLine error={error.value} />
        )}
        <button
          type="button"
          class="main"
          onClick={() => void onAgain().catch((problem: unknown) => (error.value = problem))}
        >
          {words.again}
        </button>
      </>
    );
  return digits.value === undefined ? (
    <Code offer={offer} />
  ) : (
    <div role="status">
      <p class="digits">{digits.value}</p>
      <p>{words.compare}</p>
    </div>
  );
}

function Code({ offer: { code, path, size, forMs } }: { readonly offer: OfferShown }): VNode {
  const words = say(letIn);
  const seconds = useCountdown(forMs);
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code);
    isCopied.value = true;
  };
  return (
    <>
      <p>{words.codeWhy}</p>
      <svg
        class="code"
        role="img"
        aria-label={words.codeImage}
        viewBox={`-4 -4 ${size + 8} ${size + 8}`}
        shape-rendering="crispEdges"
      >
        <path d={path} />
      </svg>
      <p class="hint">{words.left(seconds.value)}</p>
      <p>{words.code}</p>
      <p class="address">{code}</p>
      <div class="actions">
        <button type="button" onClick={() => void copy()}>
          {isCopied.value ? words.copied : words.copy}
        </button>
        <p role="status" class="hint">
          {words.waiting}
        </p>
      </div>
    </>
  );
}

function useCountdown(forMs: number): Signal<number> {
  const seconds = useSignal(Math.ceil(forMs / 1000));
  useEffect(() => {
    const endMs = Date.now() + forMs;
    const ticking = setInterval(() => {
      seconds.value = Math.max(0, Math.ceil((endMs - Date.now()) / 1000));
    }, 1000);
    return () => clearInterval(ticking);
  }, []);
  return seconds;
}
