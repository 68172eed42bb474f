import { KeepsakeError } from "@keepsake/core/base";
import { cellOfHandle, cellOfId, cellOfInvitation, untagged } from "../cells/tags.ts";
import type { Db } from "../db/index.ts";
import type { Secrets } from "../keys/secrets.ts";
import { contactIndex, normalContact, type Contact } from "../members/contacts/contact.ts";
import { loginIndices, nameIndex } from "../members/names.ts";
import { cellOfNames } from "./directory/names.ts";
import type { Targets } from "./targets.ts";

/*
 * Which cell answers a request that nobody's session is in: by what it carries. It is looked into as little as that
 * takes, and passed on as it came, since it may be signed. What is not as it should be goes to any cell, which says so.
 */

/** What is needed to find a cell. */
export interface Office {
  readonly targets: Targets;
  readonly secrets: Secrets;
  readonly db: Db;
}

/** What a request without a session carries. */
interface Carried {
  /** What the JSON of its body says; nothing where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The part of the path that a route names. */
  readonly named: string;
  /** The cell of the session that a request has all the same. */
  readonly session: number | undefined;
}

/** Gives cells in the order in which they are tried. */
type Way = (office: Office, carried: Carried) => readonly number[] | Promise<readonly number[]>;

/** What any cell says, of itself too: to who has a session his own. */
const toAny: Way = ({ targets }, { session }) =>
  session === undefined ? targets.any() : targets.only(session);
const byId: Way = ({ targets }, { body }) => targets.only(cellOfId(textIn(body, "id") ?? ""));
const byNamed: Way = ({ targets }, { named }) => targets.only(cellOfId(named));
const byTicket: Way = ({ targets }, { body }) => targets.only(cellOfTicket(body, "ticket"));
/** What a lone server guarded before it grew is its still; and who pays does so at the first cell, whichever stores. */
const toFirst: Way = ({ targets }) => targets.only(0);

/** All routes of a cell that take requests without a session, by method and path. */
export const ways: Readonly<Record<string, Way>> = {
  "GET /": toAny,
  "GET /docs": toAny,
  "GET /docs/openapi.json": toAny,
  "GET /v1/server": toAny,
  "GET /v1/plans": toAny,
  "GET /v1/tickets": toAny,
  "POST /v1/sign-up/contact": bySignUpContact,
  "POST /v1/sign-up/code": byId,
  "POST /v1/sign-up/start": bySignUp,
  "POST /v1/sign-up/finish": byTicket,
  "POST /v1/login/start": byName,
  "POST /v1/login/finish": byTicket,
  "POST /v1/reset/start": byContact,
  "POST /v1/reset/code": byId,
  "POST /v1/reset/finish": byTicket,
  "POST /v1/passkeys/login/start": toAny,
  "POST /v1/passkeys/login/finish": byHandle,
  "POST /v1/enrol": toAny,
  "GET /v1/enrol/:box/new": byNamed,
  "POST /v1/enrol/:box/reveal": byNamed,
  "POST /v1/enrol/:box/collect": byNamed,
  "GET /v1/deletions/:receipt": byNamed,
  "GET /v1/pay": toFirst,
  "POST /v1/pay/account": toFirst,
  "GET /v1/pay/hear/:provider": toFirst,
  "POST /v1/pay/hear/:provider": toFirst,
  "POST /v1/guard/records": toFirst,
  "POST /v1/guard/evaluate": toFirst,
  "POST /v1/guard/opened": toFirst,
  "POST /v1/guard/removals": toFirst,
};

/** Where a contact is that somebody wants to sign up with says nothing: the invitation's cell, or a new member's. */
function bySignUpContact({ targets, secrets }: Office, { body }: Carried): readonly number[] {
  const invitation = textIn(body, "invitation");
  if (invitation !== undefined) return targets.only(cellOfInvitation(invitation));
  return targets.forNew(contactIndex(secrets, contactIn(body)));
}

/** One who tries again with the same name comes to the same cell. */
function bySignUp({ targets, secrets }: Office, { body }: Carried): readonly number[] {
  if (textIn(body, "contact") !== undefined) return targets.only(cellOfTicket(body, "contact"));
  const invitation = textIn(body, "invitation");
  if (invitation !== undefined) return targets.only(cellOfInvitation(invitation));
  const name = textIn(body, "name");
  return targets.forNew(name === undefined ? undefined : nameIndex(secrets, name));
}

function byName({ targets, secrets, db }: Office, { body }: Carried): Promise<readonly number[]> {
  return whereNamed({ targets, db }, loginIndices(secrets, textIn(body, "name") ?? ""));
}

function byContact({ targets, secrets, db }: Office, { body }: Carried): Promise<readonly number[]> {
  return whereNamed({ targets, db }, [contactIndex(secrets, contactIn(body))]);
}

function byHandle({ targets }: Office, { body }: Carried): readonly number[] {
  const { response } = (body["response"] ?? {}) as { readonly response?: unknown };
  return targets.only(cellOfHandle(textIn(recordOf(response), "userHandle") ?? ""));
}

/** The cell that has one of these; for names that nobody has one as good as any other, and always the same. */
async function whereNamed(
  { targets, db }: Pick<Office, "targets" | "db">,
  names: readonly [string, ...string[]],
): Promise<readonly number[]> {
  const cell = await cellOfNames({ db }, names);
  return cell === undefined ? targets.stable(names[0]) : targets.only(cell);
}

function contactIn(body: Carried["body"]): Contact {
  const contact = recordOf(body["contact"]);
  const kind = textIn(contact, "kind") === "phone" ? "phone" : "email";
  return normalContact({ kind, to: textIn(contact, "to") ?? "" });
}

function cellOfTicket(body: Carried["body"], name: string): number | undefined {
  return untagged(textIn(body, name) ?? "")?.cell;
}

function textIn(body: Carried["body"], name: string): string | undefined {
  const value = body[name];
  return typeof value === "string" ? value : undefined;
}

function recordOf(value: unknown): Carried["body"] {
  return typeof value === "object" && value !== null ? (value as Carried["body"]) : {};
}

interface Matched {
  /** The method and the path as the table has them. */
  readonly route: string;
  readonly named: string;
}

const patterns = Object.keys(ways).map((route) => {
  const [method = "", path = ""] = route.split(" ");
  const pattern = path.replace(/[.]/g, "\\.").replace(/:\w+/, "([^/]+)");
  return { route, method, pattern: new RegExp(`^${pattern}$`) };
});

/** The route of a request that takes no session; undefined for all others. `path` is decoded, without the query. */
export function routeOf(method: string, path: string): Matched | undefined {
  const asked = method === "HEAD" ? "GET" : method;
  for (const { route, method: its, pattern } of patterns) {
    const match = its === asked ? pattern.exec(path) : null;
    if (match !== null) return { route, named: match[1] ?? "" };
  }
  return undefined;
}

/** The cells for a request to a route that takes no session, in the order in which they are tried. */
export async function cellsFor(
  office: Office,
  { route, named }: Matched,
  { body, session }: { readonly body: Uint8Array | undefined; readonly session: number | undefined },
): Promise<readonly number[]> {
  try {
    return await ways[route]!(office, { body: parsed(body), named, session });
  } catch (error) {
    // A name or a contact that can be none: whichever cell is asked says so.
    if (KeepsakeError.is(error, "member.bad-name") || KeepsakeError.is(error, "member.bad-contact"))
      return office.targets.any();
    throw error;
  }
}

function parsed(body: Uint8Array | undefined): Carried["body"] {
  try {
    return recordOf(JSON.parse(Buffer.from(body ?? "{}").toString()));
  } catch {
    return {};
  }
}
