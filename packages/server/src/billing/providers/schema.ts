import Type, { type Static } from "typebox";
import { shape } from "../../http/wire.ts";

const text = Type.String({ minLength: 1, maxLength: 300 });
const secret = Type.String({ minLength: 8, maxLength: 300 });
const pem = Type.String({ minLength: 60, maxLength: 10_000 });
const address = Type.Optional(Type.String({ pattern: "^https?://[^\\s?#]+$", maxLength: 300 }));
const products = Type.Array(
  shape({ product: text, plan: text, period: Type.Union([Type.Literal("month"), Type.Literal("year")]) }),
  { minItems: 1, maxItems: 200 },
);

const manual = shape({
  /** What a person is told: whom to send the money to, in both languages. */
  to: shape({ zh: Type.String({ maxLength: 1000 }), en: Type.String({ maxLength: 1000 }) }),
});

const stripe = shape({ secretKey: secret, webhookSecret: secret, url: address });

const wechat = shape({
  mchid: text,
  appid: text,
  /** The number of the merchant's certificate, and its private key. */
  serial: text,
  privateKey: pem,
  /** 32 letters: what notifications are sealed with. */
  apiV3Key: Type.String({ minLength: 32, maxLength: 32 }),
  /** By which WeChat Pay's signatures are checked: public keys, by the id that it names in answers. */
  keys: Type.Array(shape({ id: text, publicKey: pem }), { minItems: 1, maxItems: 10 }),
  /** Contracts for further terms, where WeChat Pay allowed them: a template's number, and the key of API version 2. */
  contracts: Type.Optional(
    shape({
      planId: Type.Integer({ minimum: 1 }),
      apiV2Key: Type.String({ minLength: 32, maxLength: 32 }),
      mostMinor: Type.Integer({ minimum: 1 }),
      serverIp: text,
    }),
  ),
  url: address,
});

const alipay = shape({
  appId: text,
  sellerId: text,
  privateKey: pem,
  /** Alipay's own public key, of this app. */
  alipayPublicKey: pem,
  /** Agreements for further terms, where Alipay allowed them: what they are signed for. */
  agreements: Type.Optional(shape({ signScene: text })),
  url: address,
});

const apple = shape({
  bundleId: text,
  appAppleId: Type.Integer({ minimum: 1 }),
  issuerId: text,
  keyId: text,
  privateKey: pem,
  environment: Type.Union([Type.Literal("Production"), Type.Literal("Sandbox")]),
  /** The certificates that Apple's chains may end in, as Apple publishes them. */
  roots: Type.Array(pem, { minItems: 1, maxItems: 5 }),
  products,
  url: address,
});

const google = shape({
  packageName: text,
  /** The service account that asks. */
  clientEmail: text,
  privateKey: pem,
  /** What pushes of Pub/Sub say they are for, and whose they are. */
  pushAudience: text,
  pushEmail: text,
  products,
  /** Where sales reports lie; without it no movements are known. */
  reportsBucket: Type.Optional(text),
  url: address,
  tokenUrl: address,
  keysUrl: address,
  storageUrl: address,
});

/** The operator's payment settings. */
export const paymentsShape = shape({
  /** With "test" every provider says that no money moves. */
  mode: Type.Union([Type.Literal("live"), Type.Literal("test")]),
  manual: Type.Optional(manual),
  stripe: Type.Optional(stripe),
  wechat: Type.Optional(wechat),
  alipay: Type.Optional(alipay),
  apple: Type.Optional(apple),
  google: Type.Optional(google),
});

export type PaymentSettings = Static<typeof paymentsShape>;
export type ManualSettings = Static<typeof manual>;
export type StripeSettings = Static<typeof stripe>;
export type WechatSettings = Static<typeof wechat>;
export type AlipaySettings = Static<typeof alipay>;
export type AppleSettings = Static<typeof apple>;
export type GoogleSettings = Static<typeof google>;
