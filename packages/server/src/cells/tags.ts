import { randomId, randomLetters } from "../keys/ids.ts";

/*
 * A server may be several cells, numbered from 0, behind one gateway. What a cell gives out and somebody without a
 * session brings back says which cell it was, so that the gateway can pass it on there and nobody has to remember it.
 * Cell 0 says nothing: what a lone server gave out is its.
 */

/** Cells of one server at most: two letters of base 32. */
export const MOST_CELLS = 1024;

const BASE = 32;
const ID_LETTERS = 26;
/** Begins what is tagged; the alphabet of what is random ends before it. */
const MARK = "z";
const HASH_BYTES = 32;

/** A random id that says its cell. */
export function idIn(cell: number): string {
  return cell === 0 ? randomId() : `${MARK}${lettersOf(cell)}${randomLetters(ID_LETTERS - 3)}`;
}

/** The cell of an id; undefined for what is none. */
export function cellOfId(id: string): number | undefined {
  if (!/^[0-9a-vz][0-9a-v]{25}$/.test(id)) return undefined;
  return id.startsWith(MARK) ? numberOf(id.slice(1, 3)) : 0;
}

/** A token or a ticket, base64url, that says its cell. */
export function tagged(cell: number, text: string): string {
  return cell === 0 ? text : `${lettersOf(cell)}.${text}`;
}

/** A token or a ticket without what it says of its cell, and that cell; undefined for what is neither. */
export function untagged(text: string): { readonly cell: number; readonly text: string } | undefined {
  const [, letters, rest] = /^(?:([0-9a-v]{2})\.)?([A-Za-z0-9_-]+)$/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  return { cell: letters === undefined ? 0 : numberOf(letters), text: rest };
}

/** What an invitation's code begins with, in the form in which it is compared. */
export function invitationMark(cell: number): string {
  return cell === 0 ? "" : `${MARK}${lettersOf(cell)}`;
}

/** An invitation's code as it is compared: how a person types it does not matter. */
export function plainInvitation(code: string): string {
  return code.toLowerCase().replace(/[^0-9a-z]/g, "");
}

/** The cell of an invitation, however it is typed; 0 for what says none. */
export function cellOfInvitation(code: string): number {
  const letters = /^z([0-9a-v]{2})/.exec(plainInvitation(code))?.[1];
  return letters === undefined ? 0 : numberOf(letters);
}

/** What an authenticator knows a member by: a hash, and its cell. */
export function handleIn(cell: number, hash: Uint8Array): Uint8Array<ArrayBuffer> {
  const letters = cell === 0 ? "" : lettersOf(cell);
  return new Uint8Array([...Buffer.from(letters), ...hash]);
}

/** The cell of such a handle, as it comes in base64url; 0 for what says none. */
export function cellOfHandle(handle: string): number {
  const bytes = Buffer.from(handle, "base64url");
  const letters = bytes.subarray(0, bytes.length - HASH_BYTES).toString("latin1");
  return /^[0-9a-v]{2}$/.test(letters) ? numberOf(letters) : 0;
}

function lettersOf(cell: number): string {
  return cell.toString(BASE).padStart(2, "0");
}

function numberOf(letters: string): number {
  return Number.parseInt(letters, BASE);
}
