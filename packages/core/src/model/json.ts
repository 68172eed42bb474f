/** Any JSON value: what an unknown field may hold. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;
export type JsonArray = readonly JsonValue[];
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** The same shape while it is being filled in. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };
