import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Field, Form } from "../../parts/form.tsx";
import { Problem } from "../../parts/problem.tsx";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { devices as deviceWords } from "../../words/keys/devices.ts";
import { security } from "../../words/pages/security.ts";
import { longDayText } from "../../words/values.ts";
import type { DeviceLine, LoginLine } from "../../worker/act/keys.ts";
import { changes } from "./changes.ts";

/** Who opens the vault, and taking one of them out. */
export function Devices(): VNode {
  const words = say(deviceWords);
  const chosen = useSignal<number | undefined>(undefined);
  const came = useSignal<"with-login" | "without" | undefined>(undefined);
  const devices = useLoaded(() => desk.keys.devices(), [changes.value]);
  const { value = [], error } = devices.value;
  const others = value.filter(({ isThis, isRevoked }) => !isThis && !isRevoked);
  return (
    <section class="card">
      <h2>{words.title}</h2>
      <Problem error={error} />
      <ul class="plain-list">
        {value.map((device) => (
          <li key={device.writer}>
            <span>
              {device.name} {device.isThis && <em>{words.thisOne}</em>}{" "}
              {device.isRevoked && <em>{words.revoked}</em>}
            </span>
            {others.includes(device) && chosen.value !== device.writer && (
              <button
                type="button"
                class="small"
                aria-label={words.takeOutName(device.name)}
                onClick={() => ([chosen.value, came.value] = [device.writer, undefined])}
              >
                {words.takeOut}
              </button>
            )}
            {chosen.value === device.writer && !device.isRevoked && (
              <TakeOut
                device={device}
                isOnly={others.length === 1}
                onCancel={() => (chosen.value = undefined)}
                onDone={(hadLogin) => {
                  [chosen.value, came.value] = [undefined, hadLogin ? "with-login" : "without"];
                  changes.value++;
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {came.value !== undefined && (
        <p role="status">
          ✓ {words.done} {came.value === "without" && words.doneLook}
        </p>
      )}
    </section>
  );
}

interface TakeOutGiven {
  readonly device: DeviceLine;
  /** Whether it is the only one that could be taken out. */
  readonly isOnly: boolean;
  readonly onCancel: () => void;
  /** Whether its login ended with it. */
  readonly onDone: (hadLogin: boolean) => void;
}

/** What it means to take a device out, and what it takes. */
function TakeOut({ device, isOnly, onCancel, onDone }: TakeOutGiven): VNode {
  const words = say(deviceWords);
  const loaded = useLoaded(() => desk.keys.logins(), []).value;
  const logins = (loaded.value ?? []).filter(({ isThis }) => !isThis);
  const cancel = (
    <button type="button" class="plain" onClick={onCancel}>
      {words.cancel}
    </button>
  );
  return (
    <section class="care whole" aria-label={words.takeOutName(device.name)}>
      <ul>
        {words.why.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Problem error={loaded.error} />
      <Form
        submit={words.sure}
        beside={cancel}
        onSubmit={async ({ words: typed = "", login = "" }) => {
          const of = login === "" ? undefined : login;
          await desk.keyChanges.revoke({ writer: device.writer, words: typed, login: of });
          onDone(of !== undefined);
        }}
      >
        {/* One login and one device: they belong together. */}
        {logins.length > 0 && <WhichLogin logins={logins} isKnown={isOnly && logins.length === 1} />}
        <Field name="words" label={words.words} rows={3} />
      </Form>
    </section>
  );
}

function WhichLogin({
  logins,
  isKnown,
}: {
  readonly logins: readonly LoginLine[];
  readonly isKnown: boolean;
}): VNode {
  const words = say(deviceWords);
  const { platforms, lastSeen } = say(security);
  return (
    <fieldset class="choice">
      <legend>{words.login}</legend>
      {logins.map(({ id, platform, seenMs }) => (
        <label key={id}>
          <input type="radio" name="login" value={id} defaultChecked={isKnown} />
          <span>
            {platforms[platform] ?? platform}, {lastSeen(longDayText(seenMs))}
          </span>
        </label>
      ))}
      <label>
        <input type="radio" name="login" value="" defaultChecked={!isKnown} />
        <span>{words.unknown}</span>
      </label>
      <p class="hint">{words.loginHint}</p>
    </fieldset>
  );
}
