import { flag, integer, list, must, text, type Check } from "../../check/check.ts";
import { object } from "../../check/object.ts";
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

const task: Check = object<TodoTask>({
  text: must(text),
  id: text,
  done: flag,
  doneBy: text,
  doneAt: integer,
});

export const todo: KindEntry<TodoPayload> = {
  label: { en: "List", zh: "待办" },
  check: object<TodoPayload>({
    title: text,
    tasks: must(list(task), []),
  }),
  texts: (payload) => [payload.title, ...payload.tasks.map((entry) => entry.text)],
};
