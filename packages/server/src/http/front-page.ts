/** What a person sees who opens the server's address in a browser. */
export const frontPage = `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>念存 Keepsake</title>
    <style>
      body { font: 1.05rem/1.7 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 38rem; margin: 12vh auto; padding: 0 1.2rem; }
      h1 { font-weight: 600; letter-spacing: 0.02em; }
      code { font-size: 0.95em; }
      footer { margin-top: 4rem; font-size: 0.85rem; opacity: 0.75; }
    </style>
  </head>
  <body>
    <main>
      <h1>念存 <span lang="en">Keepsake</span></h1>
      <p>这是一台念存服务器。它保存已在你自己的设备上加密的聊天记录，自己无法打开其中任何内容。</p>
      <p>在命令行中登录：<code>keepsake login 本页地址</code>。接口说明：<a href="/docs">OpenAPI</a>。</p>
      <p lang="en">This is a Keepsake server. It keeps chat history that was sealed on people's own devices, and can open none of it. Log in from the command line: <code>keepsake login</code> with this address. What it answers: <a href="/docs">OpenAPI</a>.</p>
    </main>
    <footer>
      <p>与腾讯及任何聊天软件均无关联。</p>
      <p lang="en">Not affiliated with Tencent or any messenger.</p>
    </footer>
  </body>
</html>
`;
