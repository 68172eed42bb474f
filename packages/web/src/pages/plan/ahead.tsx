import type { VNode } from "preact";
import { desk } from "../../state/desk.ts";
import { say } from "../../state/language.ts";
import { useLoaded } from "../../state/loaded.ts";
import { aheadWords } from "../../words/plan/ahead.ts";
import { countText, sizeText } from "../../words/values.ts";
import { dayText } from "./days.ts";
import { TableHead } from "../../parts/table-head.tsx";

/** What would go if nobody paid any more, year by year; nothing where nothing would. */
export function Ahead(): VNode | null {
  const words = say(aheadWords);
  const ahead = useLoaded(() => desk.papers.ahead(), []).value.value;
  if (ahead === undefined) return null;
  const { years, overBytes, keptBytes, fromDay, awayObjects, awayBytes } = ahead;
  const isAny = years.some(({ goingObjects }) => goingObjects > 0);
  if (!isAny && awayObjects === 0) return null;
  return (
    <details class="way">
      <summary>{words.title}</summary>
      {awayObjects > 0 && <p>{words.away(countText(awayObjects), sizeText(awayBytes))}</p>}
      {isAny && (
        <>
          <p>{words.why(sizeText(overBytes), dayText(fromDay ?? 0))}</p>
          <table>
            <TableHead columns={[words.year, words.goes, words.of]} />
            <tbody>
              {years.map(({ year, goingBytes, bytes }) => (
                <tr key={year}>
                  <th scope="row">{year}</th>
                  <td>{sizeText(goingBytes)}</td>
                  <td>{sizeText(bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="hint">{words.kept(sizeText(keptBytes))}</p>
        </>
      )}
    </details>
  );
}
