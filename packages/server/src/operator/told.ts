/** What a look at something came to, for people, in both languages. */
export interface Told {
  readonly isGood: boolean;
  readonly en: string;
  readonly zh: string;
}

export const good = (en: string, zh: string): Told => ({ isGood: true, en, zh });
export const bad = (en: string, zh: string): Told => ({ isGood: false, en, zh });
