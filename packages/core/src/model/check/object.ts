import type { Draft, JsonObject } from "../json.ts";
import { limits } from "../limits.ts";
import { isObject, json, Wrong, type Check, type Must, type Shape } from "./check.ts";
import type { Notes } from "./notes.ts";

/**
 * An object with known fields. A known field that is wrong is moved aside; where it is a must without a value to
 * put in, the whole object is wrong. Unknown fields hold any JSON and stay. `last` may look at the whole.
 */
export function object<T>(shape: Shape<T>, last?: Check): Check {
  const fields = Object.entries<Check | Must>(shape);
  const checkByKey = new Map(fields.map(([key, field]) => [key, "must" in field ? field.must : field]));
  const musts = fields.flatMap(([key, field]) => ("must" in field ? [[key, field] as const] : []));
  return (value, path, notes) => {
    if (!isObject(value)) return new Wrong("model.wrong-type");
    const keys = Object.keys(value);
    if (keys.length > limits.listLength) return new Wrong("model.over-limit");
    const result: Draft<JsonObject> = {};
    for (const key of keys) {
      const check = checkByKey.get(key);
      if (check === undefined) keepUnknown({ value, key, path, notes, result });
      else checkKnown(check, { value, key, path, notes, result });
    }
    for (const [key, field] of musts) {
      if (Object.hasOwn(result, key)) continue;
      if (field.otherwise === undefined) return new Wrong("model.missing");
      if (!Object.hasOwn(value, key)) notes.say(childPath(path, key), "model.missing");
      result[key] = field.otherwise;
    }
    return last === undefined ? result : last(result, path, notes);
  };
}

interface Field {
  readonly value: JsonObject;
  readonly key: string;
  readonly path: string;
  readonly notes: Notes;
  readonly result: Draft<JsonObject>;
}

function checkKnown(check: Check, field: Field): void {
  const { value, key, notes, result } = field;
  const path = childPath(field.path, key);
  if (value[key] === undefined) return;
  const checked = check(value[key], path, notes);
  if (checked instanceof Wrong) notes.setAside(path, value[key], checked.code);
  else if (checked !== undefined) setField(result, key, checked);
}

/** The name of an unknown field is the writer's choice and may be a person's name: no finding shows it. */
function keepUnknown(field: Field): void {
  const { value, key, path, notes, result } = field;
  const problem = json(value[key], path, notes);
  if (!(problem instanceof Wrong)) setField(result, key, value[key]);
  else if (value[key] !== undefined) {
    notes.setAside(childPath(path, key), value[key], problem.code, `${path}/?`);
  }
}

/** Sets a field whatever its name is: `__proto__` is data here. */
export function setField(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A JSON Pointer one level down. */
export function childPath(path: string, key: string): string {
  return `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
