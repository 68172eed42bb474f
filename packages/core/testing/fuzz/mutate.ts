import { concatBytes, textToBytes, type Bytes } from "../../src/base/index.ts";
import type { Random } from "../history/random.ts";

/** Tokens that have broken readers before. */
const tokens: readonly string[] = [
  ...'{}[]",:\\ \n\r\t#'.split(""),
  '"__proto__":{"polluted":1},',
  '"constructor":{"prototype":{"polluted":1}},',
  '{"$number":"1e9"}',
  "null",
  "true",
  "false",
  "0",
  "-0",
  "-1",
  "1e400",
  "12345678901234567890",
  "0.1000",
  "9007199254740993",
  "99999999999999999999999999999999999999",
  "1e-400",
  "NaN",
  "-",
  "1.",
  "01",
  '""',
  "[]",
  "{}",
  "\\x07",
  "\\u0000",
  "\\ud800",
  '"../../../etc/passwd"',
  '"/etc/passwd"',
  '"C:\\\\x"',
  '"a\\u0000b"',
  '"con"',
  "\ufeff",
  "\u2028",
  '"messages":[',
  '"chats":{"list":[',
  '"text_entities":[',
  '"type":"service",',
  '"id":',
  '"1970-01-01T01:00:00"',
];
const deepTokens: readonly string[] = ["[", '{"a":', '{"text":[', '{"payload":{"items":['];

/** One change of some bytes, and perhaps others after it. The same for the same `random`. */
export function mutate(seed: Bytes, others: readonly Bytes[], random: Random): Bytes {
  let bytes = seed;
  const changes = 1 + random.below(4);
  for (let i = 0; i < changes; i++) bytes = random.pick(mutations)(bytes, others, random);
  return bytes;
}

type Mutation = (bytes: Bytes, others: readonly Bytes[], random: Random) => Bytes;

/** A stretch of some bytes, short more often than long. */
function stretch(bytes: Bytes, random: Random): readonly [number, number] {
  const start = random.below(bytes.length + 1);
  const most = random.chance(0.8) ? 32 : bytes.length;
  return [start, Math.min(bytes.length, start + random.below(most + 1))];
}

const mutations: readonly Mutation[] = [
  (bytes, _, random) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[random.below(changed.length)]! ^= 1 << random.below(8);
    return changed;
  },
  (bytes, _, random) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[random.below(changed.length)] = random.below(256);
    return changed;
  },
  (bytes, _, random) => insert(bytes, random.below(bytes.length + 1), textToBytes(random.pick(tokens))),
  (bytes, _, random) => {
    const [start, end] = stretch(bytes, random);
    return concatBytes(bytes.subarray(0, start), bytes.subarray(end));
  },
  (bytes, _, random) => {
    const [start, end] = stretch(bytes, random);
    return insert(bytes, random.below(bytes.length + 1), bytes.slice(start, end));
  },
  (bytes, others, random) => {
    const other = random.pick(others);
    const [start, end] = stretch(other, random);
    return insert(bytes, random.below(bytes.length + 1), other.slice(start, end));
  },
  (bytes, _, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, _, random) => replaceValue(bytes, textToBytes(random.pick(tokens)), random),
  (bytes, _, random) => {
    const token = random.pick(deepTokens).repeat(random.below(random.chance(0.02) ? 5000 : 80));
    return insert(bytes, random.below(bytes.length + 1), textToBytes(token));
  },
  (bytes, _, random) => {
    const digits = "9".repeat(random.below(40));
    return replaceValue(bytes, textToBytes(digits), random);
  },
];

function insert(bytes: Bytes, at: number, piece: Bytes): Bytes {
  return concatBytes(bytes.subarray(0, at), piece, bytes.subarray(at));
}

/** Puts a piece in the place of what stands between a colon and the next comma. */
function replaceValue(bytes: Bytes, piece: Bytes, random: Random): Bytes {
  const colon = bytes.indexOf(0x3a, random.below(bytes.length + 1));
  if (colon < 0) return bytes;
  const comma = bytes.indexOf(0x2c, colon);
  return concatBytes(bytes.subarray(0, colon + 1), piece, bytes.subarray(comma < 0 ? bytes.length : comma));
}
