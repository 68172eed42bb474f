import type { FastifyReply, FastifyRequest } from "fastify";
import { codes, KeepsakeError, type Code } from "@keepsake/core/base";

/** RFC 9457, with the code of our table, whether to try again, and details that may stand in a log. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: Code;
  readonly retry: "never" | "later" | "now";
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** Answers with the problem that an error is, in the language that the client asked for. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const { status, headers, problem } = problemOf(error, request.headers["accept-language"]);
  return reply.code(status).headers(headers).serializer(JSON.stringify).send(problem);
}

/** The problem that an error is, as it is answered. */
export function problemOf(
  error: unknown,
  acceptLanguage: string | undefined,
): {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problem: Problem;
} {
  const known = toKnown(error);
  const { en, zh, http } = codes[known.code];
  const isChinese = /^zh\b/i.test(acceptLanguage ?? "");
  const problem: Problem = {
    type: `urn:keepsake:${known.code}`,
    title: isChinese ? zh : en,
    status: http,
    code: known.code,
    retry: known.retry,
    ...(Object.keys(known.details).length === 0 ? {} : { details: known.details }),
  };
  const { waitMs } = known.details;
  const headers = {
    "content-type": "application/problem+json; charset=utf-8",
    "content-language": isChinese ? "zh-CN" : "en",
    ...(typeof waitMs === "number" ? { "retry-after": String(Math.ceil(waitMs / 1000)) } : {}),
  };
  return { status: http, headers, problem };
}

/** Errors of Fastify itself, by its code, as ours. */
const fastifyCodes: Readonly<Record<string, Code>> = {
  FST_ERR_VALIDATION: "request.invalid",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "request.invalid",
  FST_ERR_CTP_EMPTY_JSON_BODY: "request.invalid",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "request.invalid",
  FST_ERR_CTP_BODY_TOO_LARGE: "request.too-large",
  FST_ERR_BAD_URL: "request.not-found",
  FST_ERR_MAX_PARAM_LENGTH: "request.not-found",
};

function toKnown(error: unknown): KeepsakeError {
  if (KeepsakeError.is(error)) return error;
  const { code, validation } = (error ?? {}) as {
    code?: string;
    validation?: readonly { instancePath?: string; keyword?: string }[];
  };
  const known = fastifyCodes[code ?? ""];
  if (known === undefined) return new KeepsakeError("base.unexpected", { cause: error });
  const [first] = validation ?? [];
  // Where and which rule: never the value.
  const details = first === undefined ? {} : { where: first.instancePath ?? "", rule: first.keyword ?? "" };
  return new KeepsakeError(known, { cause: error, details });
}
