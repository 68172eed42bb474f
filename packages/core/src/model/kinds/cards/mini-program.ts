import type { KindEntry } from "../kind.ts";

export interface MiniProgramPayload {
  readonly title?: string;
  readonly name?: string;
  /** The source's id of the program, and the page within it. */
  readonly appId?: string;
  readonly page?: string;
  readonly url?: string;
}

export const miniProgram: KindEntry<MiniProgramPayload> = {
  label: { en: "Mini program", zh: "小程序" },
  check: ({ object, text }) =>
    object<MiniProgramPayload>({
      title: text,
      name: text,
      appId: text,
      page: text,
      url: text,
    }),
  texts: (payload) => [payload.title, payload.name],
};
