import type { VNode } from "preact";
import { useId } from "preact/hooks";
import { say } from "../../state/language.ts";
import { chats } from "../../words/pages/chats.ts";

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
        min={dayValue(first)}
        max={dayValue(last)}
        onChange={({ currentTarget: { value } }) => {
          const [year, month, day] = value.split("-").map(Number);
          if (year !== undefined && year > 1900) onPick(new Date(year, month! - 1, day).getTime());
        }}
      />
    </label>
  );
}

function dayValue(timeMs: number | null): string | undefined {
  if (timeMs === null) return undefined;
  const time = new Date(timeMs);
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}
