import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { Clock } from "@keepsake/core/base";
import { ask, jsonOf, type Answer } from "../wire/ask.ts";
import { isJwtSigned, readJwt, signJwt, type Jwt } from "../wire/jwt.ts";
import { away, badSignature, refused } from "../problems.ts";
import type { GoogleSettings } from "../schema.ts";

const SCOPES = [
  "https://www.googleapis.com/auth/androidpublisher",
  "https://www.googleapis.com/auth/devstorage.read_only",
].join(" ");
const TOKEN_S = 60 * 60;
const SPARE_MS = 60_000;
const KEYS_MS = 60 * 60_000;
const SKEW_S = 60;
const MOST_REPORT_BYTES = 50_000_000;

/** Google's APIs for a service account, and its word for who calls. */
export class GoogleApi {
  readonly #settings: GoogleSettings;
  readonly #clock: Clock;
  readonly #key: KeyObject;
  #token = { text: "", untilMs: -Infinity };
  #keys = { found: new Map<string, KeyObject>(), atMs: -Infinity };

  constructor(settings: GoogleSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#key = createPrivateKey(settings.privateKey);
  }

  /** What the app's part of the API answers; undefined for what is not there. */
  async ask<T>(method: "GET" | "POST", path: string, value?: object): Promise<T | undefined> {
    const { url = "https://androidpublisher.googleapis.com", packageName } = this.#settings;
    const base = `${url}/androidpublisher/v3/applications/${encodeURIComponent(packageName)}`;
    const answer = await this.#send(method, `${base}${path}`, value);
    // Gone: a token whose subscription ended long ago.
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (answer.status !== 200 && answer.status !== 204) throw refused(reasonOf(answer));
    return (answer.bytes.length === 0 ? {} : jsonOf(answer.bytes)) as T;
  }

  /** A file of a bucket; undefined where it is not there. */
  async file(bucket: string, name: string): Promise<Buffer | undefined> {
    const { storageUrl = "https://storage.googleapis.com" } = this.#settings;
    const path = `${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}?alt=media`;
    const answer = await this.#send("GET", `${storageUrl}/storage/v1/b/${path}`);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refused(reasonOf(answer));
    return answer.bytes;
  }

  async #send(method: "GET" | "POST", url: string, value?: object): Promise<Answer> {
    return ask({
      method,
      url,
      mayRepeat: true,
      mostBytes: url.endsWith("alt=media") ? MOST_REPORT_BYTES : 1_000_000,
      headers: {
        authorization: `Bearer ${await this.#accessToken()}`,
        ...(value === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(value === undefined ? {} : { body: JSON.stringify(value) }),
    });
  }

  async #accessToken(): Promise<string> {
    const nowMs = this.#clock.now();
    if (nowMs < this.#token.untilMs) return this.#token.text;
    const { tokenUrl: aud = "https://oauth2.googleapis.com/token", clientEmail: iss } = this.#settings;
    const iat = Math.floor(nowMs / 1000);
    const payload = { iss, scope: SCOPES, aud, iat, exp: iat + TOKEN_S };
    const assertion = signJwt("RS256", { header: { typ: "JWT" }, payload }, this.#key);
    const answer = await ask({
      method: "POST",
      url: aud,
      mayRepeat: true,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion,
      }).toString(),
    });
    const said = jsonOf(answer.bytes) as { access_token?: string; expires_in?: number; error?: string };
    if (answer.status !== 200 || said.access_token === undefined) throw refused(said.error);
    const untilMs = nowMs + (said.expires_in ?? 0) * 1000 - SPARE_MS;
    this.#token = { text: said.access_token, untilMs };
    return said.access_token;
  }

  /** Throws `pay.bad-signature` unless Google says that the push comes from our subscription of Pub/Sub, and is of now. */
  async requirePush(authorization: string | undefined): Promise<void> {
    const jwt = readJwt(/^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? "");
    if (jwt === undefined) throw badSignature("shape");
    const key = await this.#keyOf(String(jwt.header["kid"]));
    if (key === undefined || !isJwtSigned(jwt, "RS256", key)) throw badSignature("signature");
    const { iat, exp } = jwt.payload;
    if (!this.#isOurPush(jwt.payload)) throw badSignature("merchant");
    const seconds = this.#clock.now() / 1000;
    if (!(Number(iat) <= seconds + SKEW_S && seconds < Number(exp))) throw badSignature("stale");
  }

  #isOurPush({ iss, aud, email, email_verified: isVerified }: Jwt["payload"]): boolean {
    const { pushAudience, pushEmail } = this.#settings;
    const isGoogle = iss === "https://accounts.google.com" || iss === "accounts.google.com";
    return isGoogle && aud === pushAudience && email === pushEmail && isVerified === true;
  }

  /** Google changes its keys every few days: one that is not known is asked for, once a minute at most. */
  async #keyOf(kid: string): Promise<KeyObject | undefined> {
    const age = this.#clock.now() - this.#keys.atMs;
    const known = this.#keys.found.get(kid);
    if ((known !== undefined && age < KEYS_MS) || age < SPARE_MS) return known;
    const url = this.#settings.keysUrl ?? "https://www.googleapis.com/oauth2/v3/certs";
    const answer = await ask({ method: "GET", url, mayRepeat: true });
    const { keys } = jsonOf(answer.bytes) as { readonly keys?: readonly (JsonWebKey & { kid?: string })[] };
    if (answer.status !== 200 || !Array.isArray(keys)) throw away("keys");
    const found = (keys as readonly (JsonWebKey & { kid?: string })[]).map((key): [string, KeyObject] => [
      key.kid ?? "",
      createPublicKey({ key, format: "jwk" }),
    ]);
    this.#keys = { found: new Map(found), atMs: this.#clock.now() };
    return this.#keys.found.get(kid);
  }
}

function reasonOf({ status, bytes }: Answer): string {
  try {
    const { error } = jsonOf(bytes) as { readonly error?: { readonly status?: string } };
    return error?.status ?? `http-${status}`;
  } catch {
    return `http-${status}`;
  }
}
