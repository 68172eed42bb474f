interface Operation {
  readonly summary?: string | undefined;
  readonly security?: readonly object[] | undefined;
}

/** The parts of an OpenAPI document that are shown. */
interface Described {
  readonly paths?:
    | Readonly<
        Record<string, { readonly [method in (typeof methods)[number]]?: Operation | undefined } | undefined>
      >
    | undefined;
}

const methods = ["get", "post", "put", "delete"] as const;

/** The routes of the OpenAPI document as a page, without a script. */
export function docsPage({ paths = {} }: Described): string {
  const rows = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item?.[method];
      if (operation === undefined) return [];
      const who = operation.security === undefined ? "anyone · 任何人" : "session · 会话";
      const route = `<dt><code>${method.toUpperCase()} ${path}</code></dt>`;
      return [`<div>${route}<dd>${escaped(operation.summary ?? "")} <small>${who}</small></dd></div>`];
    }),
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Keepsake 念存: protocol · 接口</title>
    <style>
      body { font: 1rem/1.6 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 64rem; margin: 6vh auto; padding: 0 1.2rem; }
      h1 { font-weight: 600; font-size: 1.5rem; }
      dl div { padding: 0.5rem 0; border-top: 1px solid color-mix(in srgb, currentcolor 15%, transparent); }
      dd { margin: 0; }
      small { opacity: 0.7; white-space: nowrap; }
      code { font-size: 0.9em; overflow-wrap: anywhere; }
      @media (min-width: 50rem) { dl div { display: grid; grid-template-columns: 25rem 1fr; column-gap: 1.5rem; } }
    </style>
  </head>
  <body>
    <main>
      <h1>What this server answers <span lang="zh-CN">本服务器的接口</span></h1>
      <p>The whole document, for programs: <a href="/docs/openapi.json">OpenAPI 3.1</a>. In which order things are called, and why, says docs/PROTOCOL.md of the source.</p>
      <p lang="zh-CN">供程序读取的完整文档：<a href="/docs/openapi.json">OpenAPI 3.1</a>。调用顺序和原因见源码中的 docs/PROTOCOL.md。</p>
      <dl>
        ${rows.join("\n        ")}
      </dl>
    </main>
  </body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter]!);
}
