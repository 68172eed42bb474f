import { placeholder, type Message } from "@keepsake/core/model";
import { language, say } from "../state/language.ts";
import { nameIn } from "../words/names.ts";
import { happenings } from "../words/system.ts";
import type { ChatOpened } from "../worker/look/timeline.ts";
import { textOf, textsOf } from "./given.ts";

/**
 * What an app says happened: in its own words where the source has them, which say more than we could, and else as a
 * sentence of what it means, with the names in it.
 */
export function happeningText(message: Message, chat: Names): string {
  const said = message.body?.text.trim() ?? "";
  if (said !== "") return said;
  const { payload } = message;
  const { params } = (payload ?? {}) as { readonly params?: object };
  const whom = namesOf(message, chat);
  const sentence = say(happenings)[textOf(payload, "meaning") ?? ""]?.({
    who: actorOf(message, chat),
    whom: whom.length === 0 ? undefined : whom.join(language.value === "zh" ? "、" : ", "),
    title: textOf(params, "title"),
  });
  return sentence ?? placeholder(message, language.value);
}

type Names = Pick<ChatOpened, "accounts">;

function actorOf({ payload, author }: Message, { accounts }: Names): string | undefined {
  const known = [textOf(payload, "actor"), author].find((id) => id !== undefined && id in accounts);
  return textOf(payload, "actorName") ?? (known === undefined ? undefined : nameIn(accounts, known));
}

/** To whom it was done, as far as their names are known. */
function namesOf({ payload }: Message, { accounts }: Names): readonly string[] {
  const names = textsOf(payload, "targetNames");
  if (names.length > 0) return names;
  const known = textsOf(payload, "targets").filter((id) => id in accounts);
  return known.map((id) => nameIn(accounts, id));
}
