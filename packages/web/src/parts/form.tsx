import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useId, useRef } from "preact/hooks";
import { Problem } from "./problem.tsx";

interface FormGiven {
  readonly children: ComponentChildren;
  readonly submit: string;
  /** Whether something else on the page is what most people come for. */
  readonly isSecond?: boolean;
  /** Nothing more can be sent. */
  readonly isDone?: boolean;
  /** What else may be done here. */
  readonly beside?: ComponentChildren;
  /** Gets the values of the fields by their names. */
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<void> | void;
}

/** Fields and a button. While what was asked for is done, it cannot be asked for again. */
export function Form({
  children,
  submit,
  isSecond = false,
  isDone = false,
  beside,
  onSubmit,
}: FormGiven): VNode {
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const form = useRef<HTMLFormElement>(null);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy.value) return;
    const values = Object.fromEntries(
      [...new FormData(form.current!)].map(([name, value]) => [name, typeof value === "string" ? value : ""]),
    );
    [isBusy.value, error.value] = [true, undefined];
    try {
      await onSubmit(values);
    } catch (problem) {
      error.value = problem;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form ref={form} onSubmit={(event) => void send(event)} aria-busy={isBusy.value}>
      {children}
      <Problem error={error.value} />
      <div class="actions">
        {!isDone && (
          <button type="submit" class={isSecond ? "" : "main"} disabled={isBusy.value}>
            {submit}
          </button>
        )}
        {beside}
      </div>
    </form>
  );
}

interface FieldGiven {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly type?: "text" | "password";
  readonly autocomplete?: string;
  readonly isOptional?: boolean;
  readonly value?: string;
  /** Lines, for what is longer than one. */
  readonly rows?: number;
  readonly lang?: string;
}

/** A field with its label above it; paste is always allowed. */
export function Field({ name, label, hint, type = "text", autocomplete, rows, ...more }: FieldGiven): VNode {
  const id = useId();
  const common = {
    id,
    name,
    required: more.isOptional !== true,
    defaultValue: more.value ?? "",
    autocomplete: autocomplete ?? "off",
    spellcheck: false,
    ...(hint !== undefined && { "aria-describedby": `${id}-hint` }),
    ...(more.lang !== undefined && { lang: more.lang }),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {rows !== undefined ? (
        <textarea rows={rows} {...common} />
      ) : type === "text" ? (
        <input type="text" {...common} />
      ) : (
        <input type="password" {...common} />
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
