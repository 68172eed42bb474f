import { KeepsakeError } from "@keepsake/core/base";
import { exact } from "../driver.ts";

type Parser = (text: string) => unknown;

// Object ids of types, in pg_type of every PostgreSQL.
const parsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [16, (text) => (text === "t" ? 1 : 0)], // boolean, which SQLite has as 0 and 1
  [17, bytesOf], // bytea
  [20, exact], // bigint
  [21, exact], // smallint
  [23, exact], // integer
  [25, (text) => text], // text
  [1043, (text) => text], // varchar
  [1700, exact], // numeric, which the sum of bigints is
]);

/** How the text form of a type is read; a type that our tables do not have is refused when a value of it comes. */
export function parserOf(type: number): Parser {
  return parsers.get(type) ?? refuse;
}

/** Bytes of their own, not a view into a larger buffer. */
function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), "hex"));
}

function refuse(): never {
  throw new KeepsakeError("base.unexpected", { details: { name: "type of PostgreSQL" } });
}
