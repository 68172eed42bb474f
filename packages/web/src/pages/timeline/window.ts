import { signal, type ReadonlySignal } from "@preact/signals";
import type { At, Line, Stretch } from "../../worker/look/timeline.ts";

/** What a window is filled from. */
export interface LineSource {
  around(at: At, count: { readonly before: number; readonly after: number }): Promise<Stretch>;
  before(key: string, count: number): Promise<Stretch>;
  after(key: string, count: number): Promise<Stretch>;
}

export interface WindowState {
  readonly lines: readonly Line[];
  readonly isStart: boolean;
  readonly isEnd: boolean;
  /** Whether the last change was at the top, so that what is seen has to stay where it is. */
  readonly isAtTop: boolean;
  /** Counts up when the window is somewhere else altogether; `target` is the line to show then. */
  readonly place: number;
  readonly target: number;
}

const PAGE = 200;
/** Lines that a window holds at most while nobody moves it. */
export const MOST_LINES = 4_000;

/**
 * A part of a chat, some thousand lines at most, that grows at both ends as somebody comes near them: no browser
 * scrolls a million.
 */
export class LineWindow {
  readonly #source: LineSource;
  readonly #state = signal<WindowState>({
    lines: [],
    isStart: false,
    isEnd: false,
    isAtTop: false,
    place: 0,
    target: 0,
  });
  #isBusy = false;
  /** What is still under way belongs to another place once this counts up. */
  #place = 0;

  constructor(source: LineSource) {
    this.#source = source;
  }

  get state(): ReadonlySignal<WindowState> {
    return this.#state;
  }

  /** Shows another place. */
  async show(at: At): Promise<void> {
    const place = ++this.#place;
    const { lines, isStart, isEnd } = await this.#source.around(at, { before: PAGE, after: PAGE });
    if (place !== this.#place) return;
    this.#isBusy = false;
    const target = targetOf(lines, at);
    this.#state.value = { lines, isStart, isEnd, isAtTop: false, place, target };
  }

  /** Reads on before the first line; nothing where it is the first of all. */
  async growUp(): Promise<void> {
    const { lines, isStart } = this.#state.value;
    if (isStart || lines.length === 0) return;
    await this.#grow(
      () => this.#source.before(lines[0]!.key, PAGE),
      (more, state) => ({
        ...state,
        lines: [...more.lines, ...state.lines],
        isStart: more.isStart,
        isAtTop: true,
      }),
    );
  }

  /** Reads on after the last line. */
  async growDown(): Promise<void> {
    const { lines, isEnd } = this.#state.value;
    if (isEnd || lines.length === 0) return;
    await this.#grow(
      () => this.#source.after(lines.at(-1)!.key, PAGE),
      (more, state) => ({
        ...state,
        lines: [...state.lines, ...more.lines],
        isEnd: more.isEnd,
        isAtTop: false,
      }),
    );
  }

  /** Lets go of what is far from the lines that are seen, while nobody scrolls. */
  rest(first: number, last: number): void {
    const state = this.#state.value;
    const spare = state.lines.length - MOST_LINES;
    if (spare <= 0 || this.#isBusy) return;
    const isLower = first > state.lines.length - last;
    this.#state.value = isLower
      ? { ...state, lines: state.lines.slice(Math.min(spare, first)), isStart: false, isAtTop: true }
      : {
          ...state,
          lines: state.lines.slice(0, Math.max(MOST_LINES, last + 1)),
          isEnd: false,
          isAtTop: false,
        };
  }

  async #grow(
    read: () => Promise<Stretch>,
    change: (more: Stretch, state: WindowState) => WindowState,
  ): Promise<void> {
    if (this.#isBusy) return;
    const place = this.#place;
    this.#isBusy = true;
    try {
      const more = await read();
      if (place === this.#place) this.#state.value = change(more, this.#state.value);
    } finally {
      if (place === this.#place) this.#isBusy = false;
    }
  }
}

function targetOf(lines: readonly Line[], at: At): number {
  if (at === "end") return lines.length - 1;
  const index =
    "key" in at
      ? lines.findIndex(({ key }) => key === at.key)
      : lines.findIndex(({ message }) => message.time.sent >= at.timeMs);
  return index === -1 ? lines.length - 1 : index;
}
