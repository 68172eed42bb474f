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
  const checkByKey = new Map(fields.flatMap(([key, field]) => ("must" in field ? [] : [[key, field]])));
  const mustByKey = new Map(fields.flatMap(([key, field]) => ("must" in field ? [[key, field]] : [])));
  return (value, path, notes) => {
    if (!isObject(value)) return new Wrong("model.wrong-type");
    const keys = Object.keys(value);
    if (keys.length > limits.listLength) return new Wrong("model.over-limit");
    const place: Place = { value, path, notes, result: {} };
    for (const [key, field] of mustByKey) {
      const problem = takeMust(field, key, place);
      if (problem !== undefined) return problem;
    }
    for (const key of keys) {
      if (!mustByKey.has(key)) takeField(checkByKey.get(key), key, place);
    }
    return last === undefined ? place.result : last(place.result, path, notes);
  };
}

/** An object on its way from `value` to `result`. */
interface Place {
  readonly value: JsonObject;
  readonly path: string;
  readonly notes: Notes;
  readonly result: Draft<JsonObject>;
}

function takeMust(field: Must, key: string, place: Place): Wrong | undefined {
  const path = childPath(place.path, key);
  const found = Object.hasOwn(place.value, key) ? place.value[key] : undefined;
  const checked = found === undefined ? new Wrong("model.missing") : field.must(found, path, place.notes);
  if (!(checked instanceof Wrong)) {
    setField(place.result, key, checked ?? field.otherwise);
    return undefined;
  }
  if (field.otherwise === undefined) return checked;
  if (found === undefined) place.notes.say(path, checked.code);
  else place.notes.setAside(path, found, checked.code);
  setField(place.result, key, field.otherwise);
  return undefined;
}

/** The name of an unknown field is the writer's choice and may be a person's name: no finding shows it. */
function takeField(check: Check | undefined, key: string, place: Place): void {
  const { value, notes, result } = place;
  const path = childPath(place.path, key);
  const found = value[key];
  if (found === undefined) return;
  const checked = (check ?? json)(found, path, notes);
  if (checked instanceof Wrong) {
    notes.setAside(path, found, checked.code, check === undefined ? `${place.path}/?` : path);
  } else if (checked !== undefined) setField(result, key, checked);
}

/** Sets a field whatever its name is: `__proto__` is data here. */
export function setField(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A JSON Pointer one level down. */
export function childPath(path: string, key: string): string {
  return `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
