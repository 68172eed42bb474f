/*
 * Writes the client's side of the protocol out of the server's routes: packages/core/src/protocol/routes/.
 * Run it after a route was changed: node tools/protocol.ts
 */
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { parseConfig } from "../packages/server/src/config.ts";
import { serve } from "../packages/server/src/serve.ts";

/** What we use of a JSON schema. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}

const folderOf = join(import.meta.dirname, "../packages/core/src/protocol/routes");

/** Files of routes by the first word of their paths, or the first two; all others are of members. */
const areas: Readonly<Record<string, readonly string[]>> = {
  members: [],
  safety: ["contacts", "reset", "access", "totp", "passkeys", "closing", "deletions"],
  vaults: ["vaults", "uploads", "commits"],
  guards: ["guards", "guard"],
  recovery: ["enrol", "family"],
  operator: ["operator"],
  pay: ["pay"],
  buying: ["pay/subscriptions", "pay/offers", "pay/codes", "pay/seats"],
};

/** The texts of the files, by path. */
export async function protocolTexts(): Promise<ReadonlyMap<string, string>> {
  const { paths } = await document();
  const texts = new Map<string, string>();
  for (const area of Object.keys(areas)) {
    const routes = Object.entries(paths)
      .filter(([path]) => areaOf(path) === area)
      .flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => routeText(method, path, operation)),
      );
    texts.set(join(folderOf, `${area}.ts`), await areaText(area, routes));
  }
  return texts;
}

function areaOf(path: string): string {
  const [, , first = "", second = ""] = path.split("/");
  const areaFor = (words: string): string | undefined =>
    Object.entries(areas).find(([, all]) => all.includes(words))?.[0];
  return areaFor(`${first}/${second}`) ?? areaFor(first) ?? "members";
}

function areaText(area: string, routes: readonly string[]): Promise<string> {
  const name = area[0]!.toUpperCase() + area.slice(1);
  const text = `/*
 * The server's routes as the client sees them. Made by tools/protocol.ts out of the server's own schemas;
 * a test holds it to them.
 */

/** What each route takes and answers, by its method and path. */
export interface ${name}Routes {
${routes.join("\n")}
}
`;
  return format(text, { parser: "typescript", printWidth: 110 });
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** What a server says of itself. */
async function document(): Promise<Document> {
  const folder = await mkdtemp(join(tmpdir(), "keepsake-protocol-"));
  const serving = await serve(parseConfig({ KEEPSAKE_DATA: folder, KEEPSAKE_PORT: "0" }), {
    log: () => undefined,
  });
  try {
    return (await (await fetch(`${serving.url}/docs/openapi.json`)).json()) as Document;
  } finally {
    await serving.stop();
    await rm(folder, { recursive: true });
  }
}

function routeText(method: string, path: string, operation: Operation): string {
  const { parameters = [], requestBody, responses = {} } = operation;
  const fields = (place: string): string =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map(
        ({ name, required = false, schema }) =>
          `readonly ${name}${required ? "" : "?"}: ${typeText(schema)};`,
      )
      .join(" ");
  const body = requestBody?.content?.["application/json"]?.schema;
  const answer = Object.entries(responses).find(([status]) => status.startsWith("2"))?.[1].content?.[
    "application/json"
  ]?.schema;
  return `/** ${operation.summary ?? ""} */
  readonly "${method.toUpperCase()} ${path}": {
    readonly params: { ${fields("path")} };
    readonly query: { ${fields("query")} };
    readonly body: ${body === undefined ? "undefined" : typeText(body)};
    readonly answer: ${answer === undefined ? "undefined" : typeText(answer)};
  };`;
}

function typeText(schema: Schema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(" | ");
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return `readonly (${typeText(schema.items ?? {})})[]`;
    case "object":
      return objectText(schema);
    default:
      return "unknown";
  }
}

function objectText({ properties, required = [], patternProperties, additionalProperties }: Schema): string {
  const values = Object.values(patternProperties ?? {});
  if (typeof additionalProperties === "object") values.push(additionalProperties);
  if (properties === undefined && values.length > 0)
    return `Readonly<Record<string, ${values.map(typeText).join(" | ")}>>`;
  const fields = Object.entries(properties ?? {}).map(
    ([name, value]) => `readonly ${name}${required.includes(name) ? "" : "?"}: ${typeText(value)};`,
  );
  return `{ ${fields.join(" ")} }`;
}

if (process.argv[1] === import.meta.filename)
  for (const [path, text] of await protocolTexts()) writeFileSync(path, text);
