import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { say } from "../../state/language.ts";
import { chats } from "../../words/pages/chats.ts";
import { dayStart, dayValue } from "../../words/values.ts";

interface DatePickGiven {
  readonly first: number | null;
  readonly last: number | null;
  readonly onPick: (timeMs: number) => void;
}

/** Goes to a day of a chat. */
export function DatePick({ first, last, onPick }: DatePickGiven): VNode {
  const id = useId();
  return (
    <label class="date-pick" for={id}>
      <span class="unseen">{say(chats).toDate}</span>
      <input
        id={id}
        type="date"
        min={first === null ? undefined : dayValue(first)}
        max={last === null ? undefined : dayValue(last)}
        onChange={({ currentTarget: { value } }) => {
          if (Number(value.slice(0, 4)) > 1900) onPick(dayStart(value));
        }}
      />
    </label>
  );
}
