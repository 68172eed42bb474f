import { type Bytes } from "../base/index.ts";
import { readBinaryPlist } from "./binary-plist.ts";
import {
  damagedList,
  EPOCH_2001_MS,
  isBytes,
  isDictionary,
  isList,
  isUid,
  plistLimits,
  type Plist,
  type PlistDictionary,
} from "./plist.ts";

/**
 * The object that NSKeyedArchiver put into a property list: texts, data, dates, lists and dictionaries as what they
 * are, any other object as a dictionary of its fields. A way back to an object that is still being read is null.
 * Throws `format.damaged`.
 */
export function readKeyedArchive(bytes: Bytes): Plist {
  const archive = readBinaryPlist(bytes);
  if (!isDictionary(archive)) throw damagedList("archive");
  const [objects, top] = [archive.get("$objects"), archive.get("$top")];
  if (!isList(objects) || !isDictionary(top)) throw damagedList("archive");
  return new Archive(objects).value(top.get("root") ?? [...top.values()][0] ?? null, 0);
}

class Archive {
  readonly #objects: readonly Plist[];
  readonly #known = new Map<number, Plist>();

  constructor(objects: readonly Plist[]) {
    this.#objects = objects;
  }

  value(value: Plist, depth: number): Plist {
    if (depth > plistLimits.depth) throw damagedList("depth");
    if (isList(value)) return value.map((item) => this.value(item, depth + 1));
    if (!isUid(value)) return value;
    const known = this.#known.get(value.uid);
    if (known !== undefined) return known;
    const object = this.#objects[value.uid];
    if (object === undefined) throw damagedList("reference");
    this.#known.set(value.uid, null);
    const read = value.uid === 0 || object === "$null" ? null : this.#object(object, depth);
    this.#known.set(value.uid, read);
    return read;
  }

  #object(object: Plist, depth: number): Plist {
    if (!isDictionary(object)) return object;
    const data = object.get("NS.data");
    if (isBytes(data)) return data;
    const text = object.get("NS.string") ?? object.get("NS.bytes");
    if (typeof text === "string" || isBytes(text)) return text;
    const time = object.get("NS.time");
    if (typeof time === "number") return { dateMs: Math.round(time * 1000) + EPOCH_2001_MS };
    return this.#container(object, depth);
  }

  #container(object: PlistDictionary, depth: number): Plist {
    const [keys, items] = [object.get("NS.keys"), object.get("NS.objects")];
    if (!isList(items)) return this.#fields(object, depth);
    const values = items.map((item) => this.value(item, depth + 1));
    if (!isList(keys)) return values;
    const names = keys.map((key) => this.value(key, depth + 1));
    return new Map(
      names.flatMap((name, i) => (name === null ? [] : [[nameOf(name), values[i] ?? null] as const])),
    );
  }

  #fields(object: PlistDictionary, depth: number): Plist {
    const fields = new Map<string, Plist>();
    for (const [name, value] of object) if (name !== "$class") fields.set(name, this.value(value, depth + 1));
    return fields;
  }
}

/** Keys are mostly texts, sometimes numbers. */
function nameOf(key: Plist): string {
  return typeof key === "string" || typeof key === "number" || typeof key === "bigint" ? String(key) : "";
}
