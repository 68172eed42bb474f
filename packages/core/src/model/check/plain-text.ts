/**
 * A JSON text of any value at any depth, without recursion; what JSON cannot hold is written as a string of it.
 * A value that holds itself, or is beyond the limit of length, ends in `…`.
 */
export function plainText(value: unknown, maxLength: number): string {
  let written = "";
  const waiting: (string | { readonly value: unknown })[] = [{ value }];
  while (waiting.length > 0) {
    if (written.length > maxLength) return written.slice(0, maxLength) + "…";
    const next = waiting.pop()!;
    if (typeof next === "string") written += next;
    else if (typeof next.value !== "object" || next.value === null) written += leaf(next.value);
    else waiting.push(...pieces(next.value).reverse());
  }
  return written;
}

function leaf(value: unknown): string {
  if (value === null || typeof value === "boolean" || Number.isFinite(value)) return String(value);
  return JSON.stringify(typeof value === "string" ? value : String(value as bigint));
}

function pieces(value: object): (string | { readonly value: unknown })[] {
  const isList = Array.isArray(value);
  const parts: (string | { readonly value: unknown })[] = [isList ? "[" : "{"];
  for (const [key, child] of Object.entries(value)) {
    const comma = parts.length === 1 ? "" : ",";
    parts.push(isList ? comma : `${comma}${JSON.stringify(key)}:`, { value: child });
  }
  parts.push(isList ? "]" : "}");
  return parts;
}
