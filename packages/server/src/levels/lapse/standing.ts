import type { Query } from "../../db/index.ts";
import type { Standing } from "./course.ts";

/** What keeps the things of a member where they are, whatever time has passed. */
export async function heldBy(
  query: Query,
  member: string,
): Promise<Pick<Standing, "isHeld" | "isFamilyWaiting" | "isClosing">> {
  const row = await query
    .selectFrom("member")
    .select((each) => [
      each
        .exists(each.selectFrom("hold").select("hold.member").whereRef("hold.member", "=", "member.id"))
        .as("isHeld"),
      each
        .exists(
          each
            .selectFrom("familyShare")
            .select("familyShare.id")
            .whereRef("familyShare.member", "=", "member.id")
            .where("familyShare.state", "in", ["waiting", "released"]),
        )
        .as("isFamilyWaiting"),
      each
        .exists(
          each.selectFrom("closing").select("closing.member").whereRef("closing.member", "=", "member.id"),
        )
        .as("isClosing"),
    ])
    .where("member.id", "=", member)
    .executeTakeFirstOrThrow();
  // SQLite says 0 or 1.
  return {
    isHeld: Boolean(row.isHeld),
    isFamilyWaiting: Boolean(row.isFamilyWaiting),
    isClosing: Boolean(row.isClosing),
  };
}
