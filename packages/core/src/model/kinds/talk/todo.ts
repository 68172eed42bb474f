import type { KindEntry } from "../kind.ts";

export interface TodoTask {
  readonly text: string;
  readonly id?: string;
  readonly done?: boolean;
  readonly doneBy?: string;
  readonly doneAt?: number;
}

export interface TodoPayload {
  readonly title?: string;
  readonly tasks: readonly TodoTask[];
}

export const todo: KindEntry<TodoPayload> = {
  label: { en: "List", zh: "待办" },
  check({ flag, integer, list, must, object, text }) {
    const task = object<TodoTask>({
      text: must(text),
      id: text,
      done: flag,
      doneBy: text,
      doneAt: integer,
    });
    return object<TodoPayload>({
      title: text,
      tasks: must(list(task), []),
    });
  },
  texts: (payload) => [payload.title, ...payload.tasks.map((entry) => entry.text)],
};
