import { bytesToHex, textToBytes } from "../base/index.ts";
import {
  canonicalRequest,
  encodePath,
  encodeQuery,
  sha256Hex,
  signedHeaders,
  type Hashing,
  type Parameter,
  type SigningRequest,
} from "./canonical.ts";

/** A key of an S3 service. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of a key that holds for a while only. */
  readonly sessionToken?: string | undefined;
}

/** Who signs, for which region, and when. */
export interface Signer {
  readonly credentials: S3Credentials;
  readonly region: string;
  readonly hashing: Hashing;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** The headers of the request with those of Signature V4; `host` is left to whoever sends it. */
export function signByHeaders(request: SigningRequest, signer: Signer): Record<string, string> {
  const { sessionToken, accessKeyId } = signer.credentials;
  const headers = {
    ...request.headers,
    "x-amz-content-sha256": request.payloadHash,
    "x-amz-date": timeStamp(signer.now),
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  };
  const whole = { ...request, headers };
  const names = signedHeaders(whole).join(";");
  const signature = signatureOf(whole, signer);
  const authorization = `${ALGORITHM} Credential=${accessKeyId}/${scopeOf(signer)}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

/** Path and query under which whoever holds them may send the request, with its headers, for so many seconds. */
export function signByUrl(request: SigningRequest, signer: Signer, expiresS: number): string {
  const { sessionToken, accessKeyId } = signer.credentials;
  const added: Parameter[] = [
    ["X-Amz-Algorithm", ALGORITHM],
    ["X-Amz-Credential", `${accessKeyId}/${scopeOf(signer)}`],
    ["X-Amz-Date", timeStamp(signer.now)],
    ["X-Amz-Expires", String(expiresS)],
    ["X-Amz-SignedHeaders", signedHeaders(request).join(";")],
  ];
  if (sessionToken !== undefined) added.push(["X-Amz-Security-Token", sessionToken]);
  const query = [...request.query, ...added];
  const signature = signatureOf({ ...request, query }, signer);
  return `${encodePath(request.path)}?${encodeQuery(query)}&X-Amz-Signature=${signature}`;
}

function signatureOf(request: SigningRequest, signer: Signer): string {
  const { hashing, credentials, region, now } = signer;
  const canonical = sha256Hex(hashing, textToBytes(canonicalRequest(request)));
  const text = [ALGORITHM, timeStamp(now), scopeOf(signer), canonical].join("\n");
  const parts = [timeStamp(now).slice(0, 8), region, "s3", "aws4_request", text];
  const first = textToBytes(`AWS4${credentials.secretAccessKey}`);
  return bytesToHex(parts.reduce((key, part) => hashing.hmacSha256(key, textToBytes(part)), first));
}

function scopeOf({ region, now }: Signer): string {
  return `${timeStamp(now).slice(0, 8)}/${region}/s3/aws4_request`;
}

/** As in 20130524T000000Z. */
function timeStamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+|[-:]/g, "");
}
