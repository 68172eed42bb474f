/** The addresses of our own scripts, the only ones that this page may start: a browser with Trusted Types asks for it. */
export function trustedUrl(url: string): string {
  return (policy?.createScriptURL(url) ?? url) as string;
}

interface Policy {
  createScriptURL(url: string): unknown;
}

interface Factory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

const policy = (globalThis as { trustedTypes?: Factory }).trustedTypes?.createPolicy("keepsake", {
  createScriptURL(url) {
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError("not our own");
    return url;
  },
});
