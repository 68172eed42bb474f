import type { KindEntry } from "../kind.ts";

export interface GamePayload {
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly score?: number;
}

export const game: KindEntry<GamePayload> = {
  label: { en: "Game", zh: "游戏" },
  check: ({ integer, object, text }) =>
    object<GamePayload>({
      title: text,
      description: text,
      url: text,
      score: integer,
    }),
  texts: (payload) => [payload.title, payload.description],
};
