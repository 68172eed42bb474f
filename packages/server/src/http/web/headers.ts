/** What the web app may reach beside this server, by origin: the object store, guards elsewhere. */
export type Origins = readonly string[];

/**
 * What a browser allows the web app, on each of its files: workers go by the headers of their own script. Nothing of
 * anybody else's, no script that is not a file of ours, no markup made of text.
 */
export function webHeaders(elsewhere: Origins): Readonly<Record<string, string>> {
  return {
    "content-security-policy": policy({
      "default-src": ["'none'"],
      // Opening what is sealed takes WebAssembly.
      "script-src": ["'self'", "'wasm-unsafe-eval'"],
      "style-src": ["'self'"],
      "img-src": ["'self'", "blob:"],
      // Films come in pieces from addresses of our own, which the app's service worker answers.
      "media-src": ["'self'", "blob:"],
      "font-src": ["'self'"],
      "connect-src": ["'self'", ...elsewhere],
      "worker-src": ["'self'"],
      "manifest-src": ["'self'"],
      "base-uri": ["'none'"],
      "form-action": ["'none'"],
      "frame-ancestors": ["'none'"],
      "require-trusted-types-for": ["'script'"],
      "trusted-types": ["keepsake"],
    }),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "origin-agent-cluster": "?1",
    "permissions-policy": permissions(),
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
  };
}

/** For a year: told to those who came over TLS, and to browsers only then of any meaning. */
export const STRICT_TRANSPORT = "max-age=31536000";

function policy(rules: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(rules)
    .map(([name, sources]) => `${name} ${[...new Set(sources)].join(" ")}`)
    .join("; ");
}

/** QR codes are read by the camera; the recovery words can be copied; passkeys log in. Nothing else. */
function permissions(): string {
  const allowed = [
    "camera",
    "clipboard-write",
    "fullscreen",
    "publickey-credentials-create",
    "publickey-credentials-get",
  ];
  const denied = [
    "accelerometer",
    "autoplay",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
  ];
  return [...allowed.map((name) => `${name}=(self)`), ...denied.map((name) => `${name}=()`)].join(", ");
}
