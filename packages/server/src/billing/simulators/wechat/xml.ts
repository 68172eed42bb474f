import { fieldsOf, signatureOf, xmlOf, type Fields } from "../../providers/wechat/signed-xml.ts";
import type { Asked, Reply } from "../ground.ts";
import type { SimContract, SimOrder, WechatBooks } from "./books.ts";

/** What version 2 of the simulated API needs of the rest. */
export interface Xml {
  readonly books: WechatBooks;
  readonly mchid: string;
  readonly appid: string;
  readonly apiV2Key: string;
  readonly planId: number;
  readonly url: string;
  now(): number;
  told(order: SimOrder, contract: SimContract | undefined): void;
  toldOf(contract: SimContract): void;
}

type Said = Fields | { readonly err_code: string };

/** Answers a request of version 2: signed by the shared key, as it was asked. */
export function answerXml(xml: Xml, { path, body }: Asked): Reply {
  const fields = fieldsOf(body);
  const type = fields["sign_type"] === "HMAC-SHA256" ? "HMAC-SHA256" : "MD5";
  if (fields["sign"] !== signatureOf(fields, xml.apiV2Key, type))
    return reply({ return_code: "FAIL", return_msg: "SIGN_ERROR" });
  const isOurs = fields["mch_id"] === xml.mchid && fields["appid"] === xml.appid;
  const does: Readonly<Record<string, (xml: Xml, fields: Fields) => Said>> = {
    "/pay/contractorder": order,
    "/papay/querycontract": query,
    "/papay/deletecontract": end,
    "/pay/pappayapply": charge,
  };
  const said = isOurs
    ? (does[path]?.(xml, fields) ?? { err_code: "PARAM_ERROR" })
    : { err_code: "MCHID_NOT_EXIST" };
  const result = "err_code" in said ? "FAIL" : "SUCCESS";
  const filled = {
    return_code: "SUCCESS",
    result_code: result,
    mch_id: xml.mchid,
    appid: xml.appid,
    ...said,
  };
  return reply({ ...filled, sign: signatureOf(filled, xml.apiV2Key, type) });
}

function reply(fields: Fields): Reply {
  return { status: 200, headers: { "content-type": "text/xml" }, body: xmlOf(fields) };
}

function order(xml: Xml, fields: Fields): Said {
  if (!isWhole(xml, fields)) return { err_code: "PARAM_ERROR" };
  const type = fields["trade_type"] ?? "";
  const made = xml.books.order({
    charge: fields["out_trade_no"] ?? "",
    total: Number(fields["total_fee"]),
    currency: "CNY",
    title: fields["body"] ?? "",
    type,
    contractCode: fields["contract_code"] ?? "",
  });
  if (typeof made === "string") return { err_code: made };
  const page = `${xml.url}/test/order/${made.prepay}`;
  return {
    prepay_id: made.prepay,
    trade_type: type,
    ...(type === "NATIVE" ? { code_url: page } : {}),
    ...(type === "MWEB" ? { mweb_url: page } : {}),
  };
}

/** Whether an order names its contract as it has to, and who pays where that is asked for. */
function isWhole(xml: Xml, fields: Fields): boolean {
  const isOwn = fields["contract_mchid"] === xml.mchid && fields["contract_appid"] === xml.appid;
  if (!isOwn || fields["plan_id"] !== String(xml.planId)) return false;
  if (fields["trade_type"] === "JSAPI" && fields["openid"] === undefined) return false;
  return /^[1-9]\d{8,18}$/.test(fields["request_serial"] ?? "");
}

function contractOf(xml: Xml, fields: Fields): SimContract | undefined {
  return fields["plan_id"] === String(xml.planId)
    ? xml.books.contracts.get(fields["contract_code"] ?? "")
    : undefined;
}

function query(xml: Xml, fields: Fields): Said {
  const contract = contractOf(xml, fields);
  if (contract === undefined) return { err_code: "CONTRACT_NOT_EXIST" };
  return {
    contract_id: contract.id,
    contract_code: contract.code,
    plan_id: String(xml.planId),
    contract_state: contract.endedMs === undefined ? "0" : "1",
  };
}

function end(xml: Xml, fields: Fields): Said {
  const contract = contractOf(xml, fields);
  if (contract === undefined || contract.endedMs !== undefined) return { err_code: "CONTRACT_NOT_EXIST" };
  contract.endedMs = xml.now();
  xml.toldOf(contract);
  return { contract_id: contract.id };
}

function charge(xml: Xml, fields: Fields): Said {
  const contract = xml.books.contractById(fields["contract_id"]);
  if (contract === undefined) return { err_code: "CONTRACT_NOT_EXIST" };
  if (fields["trade_type"] !== "PAP") return { err_code: "PARAM_ERROR" };
  const made = xml.books.order({
    charge: fields["out_trade_no"] ?? "",
    total: Number(fields["total_fee"]),
    currency: fields["fee_type"] ?? "CNY",
    title: fields["body"] ?? "",
    type: "PAP",
  });
  if (typeof made === "string") return { err_code: made };
  const code = xml.books.charge(contract, made);
  if (code !== undefined) return { err_code: code };
  xml.told(made, undefined);
  return { contract_id: contract.id };
}
