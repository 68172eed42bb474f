import { createHash, createHmac, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

/** What a software authenticator is told to do wrong. */
export interface Lies {
  /** The page that it says it is on. */
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly isUnverified?: boolean;
}

interface Passkey {
  readonly rpId: string;
  readonly id: Buffer;
  readonly userHandle: string;
  readonly privateKey: KeyObject;
  /** Of the PRF. */
  readonly secret: Buffer;
  counter: number;
}

interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id?: string };
  readonly rpId?: string;
  readonly user?: { readonly id?: string };
  readonly extensions?: { readonly prf?: { readonly eval?: { readonly first?: string } } };
}

/** An authenticator in software: ES256, CBOR, counters, PRF, with a browser's JSON around it. */
export class SoftAuthenticator {
  readonly #origin: string;
  readonly passkeys: Passkey[] = [];
  lies: Lies = {};

  constructor(origin: string) {
    this.#origin = origin;
  }

  async create(given: object) {
    const options = given as Options;
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const rpId = this.lies.rpId ?? options.rp?.id ?? "";
    const userHandle = options.user?.id ?? "";
    const passkey = {
      rpId,
      id: randomBytes(16),
      userHandle,
      privateKey,
      secret: randomBytes(32),
      counter: 0,
    };
    this.passkeys.push(passkey);
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    const coordinate = (text: string): Buffer => Buffer.from(text, "base64url");
    const cose = cborMap([
      [cborInt(1), cborInt(2)],
      [cborInt(3), cborInt(-7)],
      [cborInt(-1), cborInt(1)],
      [cborInt(-2), cborBytes(coordinate(x))],
      [cborInt(-3), cborBytes(coordinate(y))],
    ]);
    const length = Buffer.from([0, passkey.id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, passkey.id, cose]);
    const authData = Buffer.concat([this.#authData(passkey, 0x40), attested]);
    const attestationObject = cborMap([
      [cborText("fmt"), cborText("none")],
      [cborText("attStmt"), cborMap([])],
      [cborText("authData"), cborBytes(authData)],
    ]);
    return {
      ...this.#answer(passkey, options),
      response: {
        clientDataJSON: this.#clientData("webauthn.create", options).toString("base64url"),
        attestationObject: attestationObject.toString("base64url"),
      },
    };
  }

  async get(given: object) {
    const options = given as Options;
    const passkey = this.passkeys.at(-1)!;
    passkey.counter += 1;
    const authenticatorData = this.#authData(passkey, 0);
    const clientData = this.#clientData("webauthn.get", options);
    const message = Buffer.concat([authenticatorData, sha256(clientData)]);
    return {
      ...this.#answer(passkey, options),
      response: {
        clientDataJSON: clientData.toString("base64url"),
        authenticatorData: authenticatorData.toString("base64url"),
        signature: sign("sha256", message, passkey.privateKey).toString("base64url"),
        userHandle: passkey.userHandle,
      },
    };
  }

  #answer({ id, secret }: Passkey, { extensions }: Options) {
    const salt = extensions?.prf?.eval?.first;
    const input = sha256(
      Buffer.concat([Buffer.from("WebAuthn PRF\0"), Buffer.from(salt ?? "", "base64url")]),
    );
    const first = createHmac("sha256", secret).update(input).digest("base64url");
    return {
      id: id.toString("base64url"),
      rawId: id.toString("base64url"),
      clientExtensionResults: {
        prf: { enabled: true, ...(salt === undefined ? {} : { results: { first } }) },
      },
    };
  }

  #authData(passkey: Passkey, flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(passkey.counter);
    const verified = this.lies.isUnverified === true ? 0 : 0x04;
    const rpId = sha256(Buffer.from(this.lies.rpId ?? passkey.rpId));
    return Buffer.concat([rpId, Buffer.from([0x01 | verified | flags]), counter]);
  }

  #clientData(type: string, { challenge }: Options): Buffer {
    const origin = this.lies.origin ?? this.#origin;
    return Buffer.from(
      JSON.stringify({ type, challenge: this.lies.challenge ?? challenge, origin, crossOrigin: false }),
    );
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** The head of a CBOR item: its kind and a number (RFC 8949). */
function cborHead(kind: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(kind << 5) | value]);
  if (value < 256) return Buffer.from([(kind << 5) | 24, value]);
  return Buffer.from([(kind << 5) | 25, value >> 8, value & 255]);
}

function cborInt(value: number): Buffer {
  return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([cborHead(3, bytes.length), bytes]);
}

function cborMap(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
}
