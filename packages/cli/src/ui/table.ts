import { cutTo, padTo, printable, widthOf } from "./width.ts";

export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: "right";
  /** The most columns of the terminal that it takes. */
  readonly most?: number;
}

const GAP = "  ";
const MOST = 40;

/** Lines of a table, its titles first. Texts are cut to fit, numbers never. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const cells = rows.map((row) =>
    row.map((cell, i) => {
      const text = printable(String(cell));
      return columns[i]!.align === "right" ? text : cutTo(text, columns[i]!.most ?? MOST);
    }),
  );
  const titles = columns.map(({ title }) => title);
  const widths = columns.map((_, i) => Math.max(...[titles, ...cells].map((row) => widthOf(row[i] ?? ""))));
  return [titles, ...cells].map((row) =>
    row
      .map((cell, i) => padTo(cell, widths[i]!, columns[i]!.align === "right" ? "right" : "left"))
      .join(GAP)
      .trimEnd(),
  );
}
