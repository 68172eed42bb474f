import type { VNode } from "preact";

interface HeatCell {
  readonly x: number;
  readonly y: number;
  readonly count: number;
  /** What is shown where somebody points at it. */
  readonly title: string;
}

interface HeatGiven {
  readonly cells: readonly HeatCell[];
  readonly columns: number;
  readonly rows: number;
  /** What the whole of it says, for who does not see it. */
  readonly label: string;
  readonly columnNames?: readonly { readonly x: number; readonly text: string }[];
  readonly rowNames?: readonly { readonly y: number; readonly text: string }[];
}

const CELL = 12;
const [LEFT, TOP] = [34, 14];
const LEVELS = 4;

/** Squares that are the darker the more they stand for. */
export function HeatMap({ cells, columns, rows, label, columnNames = [], rowNames = [] }: HeatGiven): VNode {
  const most = Math.max(1, ...cells.map(({ count }) => count));
  return (
    <svg
      class="heat"
      viewBox={`0 0 ${LEFT + columns * CELL} ${TOP + rows * CELL}`}
      role="img"
      aria-label={label}
    >
      {columnNames.map(({ x, text }) => (
        <text key={`x${x}`} x={LEFT + x * CELL} y={TOP - 4}>
          {text}
        </text>
      ))}
      {rowNames.map(({ y, text }) => (
        <text key={`y${y}`} x={0} y={TOP + y * CELL + 9}>
          {text}
        </text>
      ))}
      {cells.map(({ x, y, count, title }) => (
        <rect
          key={`${x} ${y}`}
          class={`level-${heatLevel(count, most)}`}
          x={LEFT + x * CELL}
          y={TOP + y * CELL}
          width={CELL - 2}
          height={CELL - 2}
          rx="2"
        >
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  );
}

/** How dark a count is drawn: 0 for none, 4 for about as many as the most; many small ones stay apart from each other. */
export function heatLevel(count: number, most: number): number {
  return count === 0 ? 0 : Math.max(1, Math.ceil(LEVELS * Math.sqrt(count / most)));
}
