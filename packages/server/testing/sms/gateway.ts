import { createServer, type IncomingMessage } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** An SMS as the gateway took it. */
interface SunkSms {
  /** As the gateway was told it. */
  readonly to: string;
  readonly template: string;
  readonly value: string;
}

/** A simulated gateway: a real HTTP server that knows one key, one signature, two templates. */
export interface SmsGateway extends AsyncDisposable {
  /** The settings of a server that sends through it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly sent: SunkSms[];
  /** The codes that it answered with, in order. */
  readonly answers: string[];
  /** What it answers next, whatever it is asked. */
  answerNext(code: string): void;
}

/** What a request comes to: taken, or a code of the gateway's, with the status that it comes with. */
export interface Outcome {
  readonly status?: number;
  readonly code: string;
  readonly sms?: SunkSms;
}

export interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** What templates were approved, with the one variable of each. */
export const templates: Readonly<Record<string, { readonly variable: string; readonly isCode: boolean }>> = {
  SMS_1001: { variable: "code", isCode: true },
  SMS_1002: { variable: "what", isCode: false },
};

export const approved = {
  keyId: "LTAItestkeyid",
  keySecret: "test-key-secret",
  sign: "念念不忘",
  app: "1400000000",
} as const;

/** Whether a variable of a template may hold a text: codes are letters and digits, nothing is a link or long. */
export function isAllowed(value: string, isCode: boolean): boolean {
  return isCode
    ? /^[0-9a-zA-Z]{4,6}$/.test(value)
    : [...value].length <= 35 && !/https?:|www\.|\.\w{2,}\//.test(value);
}

/** Counts per number: so many codes within a time. */
export class Frequency {
  readonly #rules: readonly { readonly ms: number; readonly most: number; readonly code: string }[];
  readonly #times = new Map<string, number[]>();

  constructor(rules: readonly { readonly ms: number; readonly most: number; readonly code: string }[]) {
    this.#rules = rules;
  }

  /** The code of the rule that one more would break; counts it otherwise. */
  spend(name: string, nowMs: number): string | undefined {
    const times = this.#times.get(name) ?? [];
    const broken = this.#rules.find(({ ms, most }) => times.filter((at) => nowMs - at < ms).length >= most);
    if (broken === undefined) this.#times.set(name, [...times, nowMs]);
    return broken?.code;
  }
}

/** Listens on this machine; `handle` says what a request comes to, `answer` writes it as the gateway would. */
export async function startGateway({
  kind,
  okCode,
  handle,
  answer,
}: {
  readonly kind: "aliyun" | "tencent";
  readonly okCode: string;
  readonly handle: (asked: Asked) => Outcome;
  readonly answer: (outcome: Outcome) => object;
}): Promise<SmsGateway> {
  const sent: SunkSms[] = [];
  const answers: string[] = [];
  let next: string | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const forced = next;
      next = undefined;
      const outcome =
        forced === undefined ? handle({ request, body: Buffer.concat(chunks).toString() }) : { code: forced };
      answers.push(outcome.code);
      if (outcome.code === okCode && outcome.sms !== undefined) sent.push(outcome.sms);
      response.writeHead(outcome.status ?? 200, { "content-type": "application/json" });
      response.end(JSON.stringify(answer(outcome)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    settings: {
      KEEPSAKE_SMS: kind,
      KEEPSAKE_SMS_KEY_ID: approved.keyId,
      KEEPSAKE_SMS_KEY_SECRET: approved.keySecret,
      KEEPSAKE_SMS_SIGN: approved.sign,
      KEEPSAKE_SMS_CODE_TEMPLATE: "SMS_1001",
      KEEPSAKE_SMS_NOTICE_TEMPLATE: "SMS_1002",
      KEEPSAKE_SMS_APP: approved.app,
      KEEPSAKE_SMS_URL: `http://127.0.0.1:${port}`,
    },
    sent,
    answers,
    answerNext: (code) => void (next = code),
    [Symbol.asyncDispose]: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
