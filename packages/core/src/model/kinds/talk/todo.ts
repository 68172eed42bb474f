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
