import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { Form } from "../../../parts/form.tsx";
import { say } from "../../../state/language.ts";
import { ownWords } from "../../../words/plan/own.ts";

interface TwoStepsGiven {
  /** What stands on the button, and what it is called where that does not say enough. */
  readonly label: string;
  readonly name?: string;
  /** What will happen, before it does. */
  readonly children: ComponentChildren;
  readonly sure: string;
  /** Whether there is anything to be sure of. */
  readonly isSure?: boolean;
  /** Whether it can be done now; what was told of it stays. */
  readonly isOffered?: boolean;
  readonly onOpen?: () => void;
  /** Gives what is said afterwards. */
  readonly onSure: () => Promise<string>;
}

/** Something that is done by two clicks in the same place: what follows is told before, and after. */
export function TwoSteps({
  label,
  name,
  children,
  sure,
  isSure = true,
  isOffered = true,
  onOpen,
  onSure,
}: TwoStepsGiven): VNode {
  const words = say(ownWords);
  const isOpen = useSignal(false);
  const told = useSignal<string | undefined>(undefined);
  const open = (): void => {
    [isOpen.value, told.value] = [true, undefined];
    onOpen?.();
  };
  const keep = (
    <button type="button" class="plain" onClick={() => (isOpen.value = false)}>
      {words.keep}
    </button>
  );
  if (!isOpen.value)
    return (
      <>
        {isOffered && (
          <button type="button" {...(name !== undefined && { "aria-label": name })} onClick={open}>
            {label}
          </button>
        )}
        {told.value !== undefined && (
          <p class="whole" role="status">
            ✓ {told.value}
          </p>
        )}
      </>
    );
  return (
    <section class="care whole" aria-label={name ?? label}>
      {children}
      {isSure ? (
        <Form
          submit={sure}
          isSecond
          beside={keep}
          onSubmit={async () => {
            told.value = await onSure();
            isOpen.value = false;
          }}
        >
          {null}
        </Form>
      ) : (
        keep
      )}
    </section>
  );
}
