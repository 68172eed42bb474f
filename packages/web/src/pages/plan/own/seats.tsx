import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { Form } from "../../../parts/form.tsx";
import { Problem } from "../../../parts/problem.tsx";
import { desk } from "../../../state/desk.ts";
import { say } from "../../../state/language.ts";
import { useLoaded } from "../../../state/loaded.ts";
import { ownWords } from "../../../words/plan/own.ts";
import { sizeText } from "../../../words/values.ts";
import type { Line } from "../../../worker/plan/plan.ts";
import { refresh } from "../shown.ts";
import { TwoSteps } from "./two-steps.tsx";

const GB = 1e9;
const sizes = [10, 20, 50, 100, 200].map((size) => size * GB);

/** Room of a family's plan that is given away by codes. */
export function Seats({ line: { id } }: { readonly line: Line }): VNode {
  const words = say(ownWords);
  const edition = useSignal(0);
  const code = useSignal<string | undefined>(undefined);
  const { value = [], error } = useLoaded(() => desk.papers.seats(id), [edition.value]).value;
  const changed = async (): Promise<void> => {
    edition.value++;
    await refresh();
  };
  const end = async (seat: string): Promise<string> => {
    await desk.papers.endSeat(seat);
    await changed();
    return words.seatBackDone;
  };
  return (
    <section aria-label={words.seats}>
      <h3>{words.seats}</h3>
      <p class="hint">{words.seatsWhy}</p>
      <Problem error={error} />
      <ul class="plain-list">
        {value.map(({ id: seat, roomBytes, isTaken, hasRoom }) => (
          <li key={seat}>
            <span>
              {sizeText(roomBytes)} <em>{isTaken ? words.seatTaken : words.seatFree}</em>
              {!hasRoom && <span class="care"> {words.seatTooMany}</span>}
            </span>
            <TwoSteps
              label={words.seatBack}
              name={words.seatBackName(sizeText(roomBytes))}
              sure={words.seatBackSure}
              onSure={() => end(seat)}
            >
              <p>{words.seatBackWhy}</p>
            </TwoSteps>
          </li>
        ))}
      </ul>
      {code.value !== undefined && (
        <div role="status">
          <p>{words.seatCode}</p>
          <p class="address code-text">{code.value}</p>
        </div>
      )}
      <Form
        submit={words.seatGive}
        isSecond
        onSubmit={async ({ room = "" }) => {
          code.value = await desk.papers.giveSeat(id, Number(room));
          await changed();
        }}
      >
        <div class="field">
          <label for={`room-${id}`}>{words.seatSize}</label>
          <select id={`room-${id}`} name="room">
            {sizes.map((size) => (
              <option key={size} value={String(size)}>
                {sizeText(size)}
              </option>
            ))}
          </select>
        </div>
      </Form>
    </section>
  );
}
