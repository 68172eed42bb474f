import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { Metrics } from "../packages/server/src/metrics.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const files = globSync("deploy/**/*", { cwd: root, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

test("every setting that a deployment file names is one of the server's", () => {
  const known = globSync("packages/server/src/**/*.ts", { cwd: root }).map(read).join("");
  const named = files.flatMap((file) =>
    [...read(file).matchAll(/KEEPSAKE_[A-Z0-9_]+/g)].map(([name]) => [file, name]),
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter(([, name]) => !known.includes(`"${name}"`))).toEqual([]);
});

test("the compose file and the chart's values are whole", () => {
  const compose = parse(read("deploy/compose.yaml")) as {
    services: Record<string, { image?: string; depends_on?: object }>;
  };
  expect(Object.keys(compose.services)).toEqual(["server", "database", "objects"]);
  for (const { depends_on: needs = {} } of Object.values(compose.services))
    for (const name of Object.keys(needs)) expect(Object.keys(compose.services)).toContain(name);
  for (const { image = "pinned:1" } of Object.values(compose.services)) expect(image).toMatch(/:\d/);
  const values = parse(read("deploy/helm/values.yaml")) as Record<string, unknown>;
  expect(parse(read("deploy/helm/Chart.yaml"))).toMatchObject({ apiVersion: "v2", name: "keepsake-server" });
  const used = files
    .filter((file) => file.startsWith("deploy/helm/templates/"))
    .flatMap((file) => [...read(file).matchAll(/\.Values\.([A-Za-z0-9.]+)/g)].map(([, path]) => path!));
  const valueAt = (path: string): unknown =>
    path
      .split(".")
      .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], values);
  expect(used.filter((path) => valueAt(path) === undefined)).toEqual([]);
});

test("the chart's templates are templates, and traffic goes to servers that are ready", () => {
  const plain = (path: string): string =>
    read(path)
      .replace(/^\{\{-.*\}\}$/gm, "")
      .replace(/\{\{.*?\}\}/g, "x");
  for (const file of files.filter((each) => each.startsWith("deploy/helm/templates/"))) {
    expect([file, /\{ \{/.test(read(file))]).toEqual([file, false]);
    for (const part of plain(file).split(/^---$/m))
      expect(parse(part)).toMatchObject({ metadata: { name: "x" } });
  }
  const probe = (path: string): object => ({ httpGet: { path, port: "http" } });
  expect(parse(plain("deploy/helm/templates/deployment.yaml"))).toMatchObject({
    spec: {
      template: {
        spec: { containers: [{ readinessProbe: probe("/ready"), livenessProbe: probe("/health") }] },
      },
    },
  });
  expect(read("deploy/compose.yaml")).toContain("http://127.0.0.1:7430/ready");
});

test("every number on the dashboard is one that the server gives", async () => {
  const dashboard = JSON.parse(read("deploy/grafana/keepsake-server.json")) as {
    panels: { targets: { expr: string }[] }[];
  };
  const given = await new Metrics().text();
  const asked = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const names = asked.flatMap((expr) =>
    [...expr.matchAll(/\b((?:keepsake|process|nodejs)_[a-z0-9_]+)/g)].map(([, name]) => name!),
  );
  expect(names.length).toBeGreaterThan(7);
  const isGiven = (name: string): boolean =>
    given.includes(`# TYPE ${name.replace(/_(?:count|sum|bucket)$/, "")} `);
  expect(names.filter((name) => !isGiven(name))).toEqual([]);
});

test("what runs in a container is there, and starts what a clone starts", () => {
  const dockerfile = read("deploy/Dockerfile");
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
    paths!.split(" "),
  );
  for (const path of copied) expect([path, globSync(path, { cwd: root }).length]).toEqual([path, 1]);
  expect(dockerfile).toContain("COPY --from=web /web packages/web/dist");
  expect(dockerfile).toContain('ENTRYPOINT ["node", "packages/server/src/main.ts"]');
  expect(read("deploy/keepsake-server.service")).toMatch(
    /^ExecStart=\/opt\/keepsake\/keepsake-server serve$/m,
  );
});

const analyze = "systemd-analyze";
const hasAnalyze = spawnSync(analyze, ["--version"]).status === 0;

test.skipIf(!hasAnalyze)("systemd finds nothing wrong with the unit", () => {
  const folder = mkdtempSync(join(tmpdir(), "keepsake-unit-"));
  try {
    const unit = join(folder, "keepsake-server.service");
    writeFileSync(unit, read("deploy/keepsake-server.service").replaceAll("/opt/keepsake", root));
    const verified = spawnSync(analyze, ["verify", "--man=no", unit], { encoding: "utf8" });
    expect([verified.status, verified.stdout, verified.stderr]).toEqual([0, "", ""]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
