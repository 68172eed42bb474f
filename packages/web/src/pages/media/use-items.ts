import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { desk } from "../../state/desk.ts";
import type { MediaTab } from "../../worker/look/media/items.ts";
import type { MediaItem } from "../../worker/look/media/walk.ts";

/** What was found so far of a tab. */
interface ItemsState {
  readonly items: readonly MediaItem[];
  readonly isEnd: boolean;
  readonly isBusy: boolean;
  /** Back to when was looked. */
  readonly backToMs: number | null;
  readonly error?: unknown;
}

export interface Items {
  readonly state: ReadonlySignal<ItemsState>;
  /** Looks further back, where there is more. */
  readonly grow: () => void;
}

const PART = 120;
const nothing: ItemsState = { items: [], isEnd: false, isBusy: false, backToMs: null };

/** The items of a tab, of a chat or of all, which grow as somebody goes on. */
export function useItems(collection: string | undefined, tab: MediaTab): Items {
  const state = useSignal(nothing);
  /** What is still under way belongs to another tab once this counts up. */
  const turn = useRef(0);
  const grow = (): void => void growFrom(turn.current);
  const growFrom = async (own: number): Promise<void> => {
    if (state.value.isBusy || state.value.isEnd) return;
    state.value = { ...state.value, isBusy: true };
    try {
      const wanted = state.value.items.length + PART;
      while (state.value.items.length < wanted && !state.value.isEnd) {
        const from = state.value.items.length;
        const part = await desk.media.list(collection, tab, { from, count: wanted - from });
        if (turn.current !== own) return;
        const { isEnd, backToMs } = part;
        state.value = { items: [...state.value.items, ...part.items], isEnd, backToMs, isBusy: true };
      }
      state.value = { ...state.value, isBusy: false };
    } catch (error) {
      if (turn.current === own) state.value = { ...state.value, isBusy: false, isEnd: true, error };
    }
  };
  useEffect(() => {
    turn.current++;
    state.value = nothing;
    grow();
    return () => {
      turn.current++;
    };
  }, [collection, tab]);
  return { state, grow };
}
