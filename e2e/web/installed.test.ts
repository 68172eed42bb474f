import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHashes } from "../../tools/web/build.ts";
import { builtWeb } from "../../tools/web/built.ts";
import { HASHES, hashFolder, sha256 } from "../../tools/web/hashes.ts";
import { freePort } from "../../packages/server/src/free-port.ts";
import { startTestServer } from "../server/serving.ts";
import { missing, startSite, type Site } from "./browsing.ts";
import { fill, heading, password, signUp } from "./person.ts";

const isMissing = missing !== undefined;
/** On a busy machine. */
const patience = { timeout: 20_000 };

let site: Site;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keepsake-installed-"));
  if (!isMissing) site = await startSite();
}, 120_000);
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Until the app is kept, and stands between this page and the network. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active?.state !== "activated") await new Promise((done) => setTimeout(done, 20));
  });
  await page.reload();
  await page.waitForSelector("h1");
  expect(await page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
}

test.skipIf(isMissing)("the app can be installed: its icons have the sizes that it says", async () => {
  const { page, problems, context } = await site.newVisitor();
  const found = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>("link[rel=manifest]")!;
    const manifest = (await (await fetch(link.href)).json()) as {
      name: string;
      display: string;
      icons: { src: string; sizes: string }[];
    };
    const icons = await Promise.all(
      manifest.icons.map(async ({ src, sizes }) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        return sizes === "any" || sizes === `${image.naturalWidth}x${image.naturalHeight}`;
      }),
    );
    return { name: manifest.name, display: manifest.display, icons };
  });
  expect(found).toEqual({ name: "念存 Keepsake", display: "standalone", icons: [true, true, true, true] });
  expect(problems()).toEqual([]);
  await context.close();
});

test.skipIf(isMissing)(
  "without a network the app opens where it stopped: at its lock",
  async () => {
    const { page, context, problems } = await site.newVisitor();
    await page.getByRole("link", { name: "Get started" }).click();
    await page.getByLabel("Login name").fill("offline");
    await page.getByLabel("Login password").fill("a long enough password");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "One step left" }).waitFor();
    await kept(page);
    expect(problems()).toEqual([]);
    await context.setOffline(true);
    await page.reload();
    await page.getByRole("heading", { name: "Welcome back, offline" }).waitFor();
    const answered = await page.evaluate(() =>
      fetch("/v1/server").then(
        () => "kept",
        () => "not kept",
      ),
    );
    expect(answered).toBe("not kept");
    const names = await page.evaluate(async () => {
      const all = await Promise.all(
        (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
      );
      return all.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(names).toContain("/index.html");
    expect(names.filter((name) => name.startsWith("/v1"))).toEqual([]);
    await context.close();
  },
  120_000,
);

/** The same app with another title, as a later version of it would be. */
async function laterVersion(): Promise<string> {
  const web = join(folder, "later");
  await cp(await builtWeb(), web, { recursive: true });
  const { files } = await readHashes(web);
  const page = (await readFile(join(web, "index.html"), "utf8")).replace("<title>", "<title>new ");
  const script = (await readFile(join(web, "offline.js"), "utf8")).replaceAll(
    files["index.html"]!,
    sha256(page),
  );
  for (const path of [HASHES, "index.html", "offline.js"])
    for (const form of ["br", "gz"]) await rm(join(web, `${path}.${form}`), { force: true });
  await rm(join(web, HASHES));
  await writeFile(join(web, "index.html"), page);
  await writeFile(join(web, "offline.js"), script);
  const hashes = await hashFolder(web);
  const own = Object.fromEntries(Object.entries(hashes.files).filter(([path]) => Object.hasOwn(files, path)));
  await writeFile(join(web, HASHES), JSON.stringify({ ...hashes, files: own }));
  return web;
}

test.skipIf(isMissing)(
  "a new version waits until it is wanted, and one with a file that is not its own is never taken",
  async () => {
    const KEEPSAKE_PORT = String(await freePort());
    const web = await laterVersion();
    await using first = await startTestServer({ KEEPSAKE_WEB: await builtWeb(), KEEPSAKE_PORT });
    const { page, context } = await site.newVisitor();
    await page.goto(first.url);
    await kept(page);
    expect(await page.title()).toBe("念存 Keepsake");
    await first.stop();

    // Its script says what its page must be, and the server sends another.
    const evil = join(folder, "evil");
    await cp(web, evil, { recursive: true });
    const page2 = (await readFile(join(evil, "index.html"), "utf8")).replace("<body>", "<body><p>theirs</p>");
    await writeFile(join(evil, "index.html"), page2);
    const { files, whole } = await readHashes(evil);
    await writeFile(
      join(evil, HASHES),
      JSON.stringify({ whole, files: { ...files, "index.html": sha256(page2) } }),
    );
    {
      await using server = await startTestServer({ KEEPSAKE_WEB: evil, KEEPSAKE_PORT });
      expect(await (await fetch(server.url)).text()).toContain("theirs");
      await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update();
        const { installing } = registration;
        while (installing !== null && installing.state !== "redundant")
          await new Promise((done) => setTimeout(done, 20));
      });
      await page.reload();
      await page.waitForSelector("h1");
      expect([await page.title(), await page.getByText("theirs").count()]).toEqual(["念存 Keepsake", 0]);
    }

    await using second = await startTestServer({ KEEPSAKE_WEB: web, KEEPSAKE_PORT });
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await page.getByText("A new version is there.").waitFor();
    await page.reload();
    await page.waitForSelector("h1");
    expect(await page.title()).toBe("念存 Keepsake");
    await page.getByRole("button", { name: "Use it" }).click();
    await expect.poll(() => page.title(), patience).toBe("new 念存 Keepsake");
    await page.waitForSelector("h1");
    expect(await page.getByText("A new version is there.").count()).toBe(0);
    expect(second.logged.filter((event) => "event" in event && event.event === "fault")).toEqual([]);
    await context.close();
  },
  120_000,
);

test.skipIf(isMissing)(
  "what another app shares waits on the device, and no server hears of it",
  async () => {
    const { page, context, problems } = await site.newVisitor();
    await signUp(page, "sharing");
    await kept(page);
    // Not of the app: as the system shares, whatever the app's policy says of its own forms.
    const other = await context.newPage();
    await other.setContent(
      `<form action="${site.url}/share" method="post" enctype="multipart/form-data"><input name="title"><input type="file" name="files" multiple><button>`,
    );
    await other.setInputFiles("[type=file]", [
      { name: "WhatsApp Chat.txt", mimeType: "text/plain", buffer: Buffer.from("a chat\n") },
      { name: "..:passwd?*.zip", mimeType: "application/zip", buffer: Buffer.from("more\n") },
    ]);
    const sent: string[] = [];
    context.on("request", (request) => {
      if (request.serviceWorker() !== null) sent.push(`${request.method()} ${request.url()}`);
    });
    await other.click("button");
    await heading(other, "Welcome back, sharing");
    expect(other.url()).toBe(`${site.url}/#/sources?shared=yes`);
    expect(sent.filter((each) => each.includes("share"))).toEqual([]);
    const waiting = () =>
      page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        const texts: string[] = [];
        for await (const each of (await root.getDirectoryHandle("shared", { create: true })).values())
          for await (const file of (each as FileSystemDirectoryHandle).values())
            texts.push(`${file.name}: ${await (await (file as FileSystemFileHandle).getFile()).text()}`);
        return texts.toSorted();
      });
    expect(await waiting()).toEqual([".._passwd__.zip: more\n", "WhatsApp Chat.txt: a chat\n"]);
    await fill(other, { "Login password": password }, "Unlock");
    await other.getByText("2 files were shared by another app").waitFor();
    await other.getByRole("button", { name: "Remove them" }).click();
    await expect.poll(waiting, patience).toEqual([]);
    expect(problems()).toEqual([]);
    await context.close();
  },
  120_000,
);

const weChat =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60(0x18003c2e) NetType/WIFI Language/zh_CN";

test.skipIf(isMissing)("inside of WeChat the app says how to leave it, and asks for nothing", async () => {
  const { page, context, problems } = await site.newVisitor({ userAgent: weChat });
  for (const address of [site.url, `${site.url}/#/log-in`, `${site.url}/#/sign-up`]) {
    await page.goto(address);
    await page.reload();
    await page.getByText("请用手机自带的浏览器打开").waitFor();
    await page.getByText("Please open this in your phone's browser").waitFor();
    await page.getByText(address).first().waitFor();
    expect(await page.locator("input, textarea, form, a").count()).toBe(0);
  }
  expect(await page.evaluate(() => navigator.serviceWorker.getRegistration())).toBeUndefined();
  expect(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
  expect(problems()).toEqual([]);
  await context.close();
});
