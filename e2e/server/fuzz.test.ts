import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeepsakeError } from "../../packages/core/src/base/index.ts";
import { startTestServer, type Member, type TestServer } from "./serving.ts";

/** What we use of the document of the routes. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

const RUNS = 40;

let server: TestServer;
let member: Member;
let operator: Member;
let vault: string;
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
beforeAll(async () => {
  server = await startTestServer();
  member = await server.newMember();
  operator = await server.newOperator();
  vault = await member.newVault();
  const document = await (await fetch(`${server.url}/docs/openapi.json`)).json();
  ({ paths } = document as { paths: typeof paths });
});
afterAll(() => server[Symbol.asyncDispose]());

const odd = fc.oneof(
  fc.constantFrom(
    null,
    "",
    "0",
    -1,
    1e21,
    2 ** 53,
    true,
    [],
    {},
    "\u0000",
    "'; drop table member; --",
    "../../etc",
  ),
  fc.jsonValue(),
  fc.string({ unit: "binary", maxLength: 300 }),
);

/** A value of a schema, mostly; some of them are anything. */
function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  const usual = usualOf(schema);
  return fc.oneof({ arbitrary: usual, weight: 12 }, { arbitrary: odd, weight: 1 });
}

function usualOf(schema: Schema): fc.Arbitrary<unknown> {
  const { type = "object", enum: values, anyOf } = schema;
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(valueOf));
  if (values !== undefined) return fc.constantFrom(...values);
  return ofType[type]!(schema);
}

const ofType: Readonly<Record<string, (schema: Schema) => fc.Arbitrary<unknown>>> = {
  string: ({ pattern }) => {
    if (pattern === undefined) return fc.string({ maxLength: 60 });
    if (pattern === "^[0-9a-v]{26}$")
      return fc.constantFrom(vault, "0".repeat(26), member.membership.session);
    return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length < 3000);
  },
  integer: () => fc.nat(),
  number: () => fc.nat(),
  boolean: () => fc.boolean(),
  array: ({ items = {}, maxItems = 5 }) => fc.array(valueOf(items), { maxLength: Math.min(maxItems, 5) }),
  object: ({ properties = {}, required = [] }) =>
    fc.record(Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valueOf(each)])), {
      requiredKeys: required.filter((name) => name in properties),
    }),
};

test("no route answers anything with a fault, whoever asks", async () => {
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
    })),
  );
  // A stream does not end by itself, and who logs out cannot go on asking.
  const left = new Set([
    "GET /v1/events/stream",
    "DELETE /v1/devices/{id}",
    "DELETE /v1/devices",
    "POST /v1/password/finish",
  ]);
  let asked = 0;
  for (const { path, method, operation } of routes.filter(
    (each) => !left.has(`${each.method} ${each.path}`),
  )) {
    const { parameters = [], requestBody } = operation;
    const given = (place: string) =>
      fc.record(
        Object.fromEntries(
          parameters.filter((each) => each.in === place).map(({ name, schema }) => [name, valueOf(schema)]),
        ),
        {
          requiredKeys: place === "path" ? undefined : [],
        } as object,
      );
    const schema = requestBody?.content["application/json"]?.schema;
    const inputs = fc.record({
      path: given("path"),
      query: given("query"),
      body: schema === undefined ? fc.constant(undefined) : valueOf(schema),
      who: fc.constantFrom(member, operator),
    });
    for (const input of fc.sample(inputs, { numRuns: RUNS, seed: 7 })) {
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(String((input.path as Record<string, unknown>)[name]).toWellFormed()),
      );
      const query = new URLSearchParams(
        Object.entries(input.query).map(([name, value]) => [name, String(value).toWellFormed()]),
      ).toString();
      const target = query === "" ? filled : `${filled}?${query}`;
      if (target.includes("//")) continue;
      const request = { method, path: target, json: input.body };
      const failure = await input.who.connection.send(request).then(
        async (response) => response.body?.cancel(),
        (error: unknown) => error,
      );
      asked++;
      const code = KeepsakeError.is(failure) ? failure.code : failure;
      expect([method, path, JSON.stringify(input.body), code]).not.toEqual([
        method,
        path,
        JSON.stringify(input.body),
        "base.unexpected",
      ]);
    }
  }
  expect(asked).toBeGreaterThan(routes.length * 10);
  expect(server.logged.filter((event) => "event" in event && event.event === "fault")).toEqual([]);
}, 120_000);

test.each([
  ["not json", "{"],
  ["a name that poisons", '{"__proto__":{"isOperator":true},"name":"a"}'],
  ["a great deal", JSON.stringify({ name: "a".repeat(3_000_000) })],
  ["another type", undefined],
])("a body that is %s is refused as a problem", async (_, body) => {
  const response = await fetch(`${server.url}/v1/login/start`, {
    method: "POST",
    headers: { "content-type": body === undefined ? "text/xml" : "application/json" },
    body: body ?? "<a/>",
  });
  expect([400, 413]).toContain(response.status);
  expect(await response.json()).toMatchObject({
    code: expect.stringMatching(/^request\./),
    status: response.status,
  });
});
