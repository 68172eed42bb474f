import { bytesToHex } from "../base/index.ts";
import type { Snapshot } from "../vault/index.ts";
import { chosenAnew, type Choice } from "./state/choices.ts";
import type { History } from "./state/state.ts";
import { newBatch } from "./write/batch.ts";
import { commitBatch } from "./write/commit.ts";

/** A choice with an id of its own. */
export function newChoice({ vault }: History, choice: Omit<Choice, "id">): Choice {
  return { id: bytesToHex(vault.primitives.random(4)), ...choice };
}

/** Writes down what backups leave out from now on: these choices and no others. */
export function setChoices(history: History, choices: readonly Choice[]): Promise<Snapshot | "raced"> {
  return commitBatch(newBatch(history), { verb: "choose", ...chosenAnew(history.root, choices) });
}
