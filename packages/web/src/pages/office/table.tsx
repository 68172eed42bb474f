import type { ComponentChildren, VNode } from "preact";
import { TableHead } from "../../parts/table-head.tsx";

interface TableGiven {
  readonly title: string;
  readonly columns: readonly string[];
  /** The first cell of each names its row. */
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Rows that ask to be looked at, by their numbers. */
  readonly marked?: ReadonlySet<number>;
}

/** A table of figures, which is moved within itself where the screen is narrower. */
export function Table({ title, columns, rows, marked }: TableGiven): VNode {
  return (
    <div class="wide" role="region" aria-label={title} tabIndex={0}>
      <table class="figures">
        <TableHead columns={columns} />
        <tbody>
          {rows.map(([name, ...cells], i) => (
            <tr key={i} class={marked?.has(i) === true ? "marked" : undefined}>
              <th scope="row">{name}</th>
              {cells.map((cell, at) => (
                <td key={at}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
