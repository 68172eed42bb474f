import type { VNode } from "preact";

/** The first line of a table: what its columns hold. */
export function TableHead({ columns }: { readonly columns: readonly string[] }): VNode {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}
