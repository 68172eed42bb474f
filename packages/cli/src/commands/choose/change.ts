import { winRace } from "@keepsake/core/care";
import { newChoice, setChoices, type Choice } from "@keepsake/core/history";
import type { Context } from "../../context.ts";
import { noteSeen, openToWrite } from "../../device/open.ts";

type Opened = Awaited<ReturnType<typeof openToWrite>>;

/** Adds choices to those of the vault, and takes some away; the ones that are new. */
export async function changeChoices(
  context: Context,
  { vault, profile, place }: Opened,
  {
    add = [],
    remove = [],
  }: { readonly add?: readonly Omit<Choice, "id">[]; readonly remove?: readonly string[] },
): Promise<readonly Choice[]> {
  const { snapshot, value } = await winRace(vault, async (newest) => {
    const fresh = add.map((choice) => newChoice(newest, choice));
    const kept = (newest.root.choices ?? []).filter(({ id }) => !remove.includes(id));
    return { snapshot: await setChoices(newest, [...kept, ...fresh]), value: fresh };
  });
  await noteSeen(context, profile, { place, snapshot });
  return value;
}
