import { KeepsakeError, type Bytes } from "@keepsake/core/base";
import { addAccessKey, proveAccess, type Connection } from "@keepsake/core/client";
import { openVault, wordsToSeed } from "@keepsake/core/vault";
import type { Context, Run } from "../../context.ts";
import { amendMembership, type KeptMembership } from "../../device/memberships.ts";
import { readProfiles } from "../../device/profile.ts";
import { loginCode, typedWords } from "../../device/secrets.ts";
import { connect, isAt, parseAddress } from "../../device/stores/server.ts";
import { openStore, placeOf } from "../../device/stores/stores.ts";
import * as words from "../../ui/messages/server/safety.ts";
import type { Outcome } from "../../ui/output.ts";
import { instantText } from "../../ui/values.ts";

const kinds = ["words", "device"] as const;
type Kind = (typeof kinds)[number];

/** Keys by which a server lets a limited login become full: they come from recovery words, or from a device of the vault. */
export const run: Run = async (context) => {
  const { input, output } = context;
  const { connection, membership } = await connect(context, parseAddress(input.args[0] ?? "").url);
  const [added, proven] = [input.oneOf("add", kinds), input.oneOf("prove", kinds)];
  if (added !== undefined) return add(context, connection, added);
  if (proven !== undefined) return prove(context, { connection, membership }, proven);
  const id = input.text("remove");
  if (id === undefined) return list(context, connection);
  await connection.call("DELETE /v1/access/keys/{id}", { params: { id } });
  output.say(words.accessRemoved);
  return { data: { id } };
};

/** Only what opens the vault becomes a key: one of mistyped words would be found out when it is needed. */
async function add(context: Context, connection: Connection, kind: Kind): Promise<Outcome> {
  const { output, primitives, clock, input } = context;
  const found = await seedOf(context, connection.url, kind);
  const store = await openStore(context, await placeOf(input.args[0]!));
  await openVault({ primitives, store, clock, secret: found.secret });
  const { id } = await addAccessKey(connection, { seed: found.seed, kind });
  output.say(words.accessAdded);
  return { data: { id, kind } };
}

async function prove(
  context: Context,
  { connection, membership }: { readonly connection: Connection; readonly membership: KeptMembership },
  kind: Kind,
): Promise<Outcome> {
  const { seed } = await seedOf(context, connection.url, kind);
  const { session } = membership;
  await proveAccess(connection, { session, seed }).catch(async (error: unknown) => {
    if (!KeepsakeError.is(error, "member.totp-needed")) throw error;
    await proveAccess(connection, { session, seed, totp: await loginCode(context) });
  });
  await amendMembership(context.env, membership, (kept) => ({ ...kept, fullFromMs: 0 }));
  context.output.say(words.accessProven);
  return { data: { session } };
}

async function seedOf(context: Context, url: string, kind: Kind) {
  if (kind === "words") {
    const typed = await typedWords(context);
    return { seed: await wordsToSeed(typed), secret: { kind, words: typed } as const };
  }
  const profiles = await readProfiles(context.env);
  const own = profiles.find(({ stores }) => Object.keys(stores).some((place) => isAt(place, url)));
  if (own === undefined) throw new KeepsakeError("cli.not-this-device");
  const seed: Bytes = own.key.seed;
  return { seed, secret: { kind, ...own.key } as const };
}

async function list({ output }: Context, connection: Connection): Promise<Outcome> {
  const { keys } = await connection.call("GET /v1/access/keys");
  const rows = keys.map((key) => {
    output.event("accessKey", { ...key });
    return [key.id, output.text(words.accessKinds[key.kind]), instantText(key.addedMs)];
  });
  const { id, kind, since } = words.accessColumns;
  output.table(
    [id, kind, since].map((each) => ({ title: output.text(each) })),
    rows,
  );
  if (rows.length === 0) output.say(words.noAccess);
  return { data: { keys: rows.length } };
}
