import { KeepsakeError } from "@keepsake/core/base";
import type { Context } from "../context.ts";
import type { Values, Words } from "../ui/language.ts";

/** Asks before something is done. Throws `cli.not-confirmed` for a no, and where nobody can be asked without --yes. */
export async function requireConsent(context: Context, question: Words, values?: Values): Promise<void> {
  const { input, output, prompt } = context;
  if (input.flag("yes")) return;
  const isMeant = prompt !== undefined && (await prompt.confirm(output.text(question, values)));
  if (!isMeant) throw new KeepsakeError("cli.not-confirmed");
}
