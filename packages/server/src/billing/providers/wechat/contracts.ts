import { KeepsakeError, type Clock } from "@keepsake/core/base";
import { beijingHour } from "../beijing.ts";
import { away, refused } from "../problems.ts";
import type { Agreements, Charge, Known } from "../provider.ts";
import type { WechatSettings } from "../schema.ts";
import { WechatV2, type Fields } from "./signed-xml.ts";
import type { WechatV3 } from "./signed-json.ts";

/** WeChat Pay disturbs nobody at night. */
const [FIRST_HOUR, LAST_HOUR] = [7, 22];
/** So long a charge may be tried, from the second day after the notice on. */
const CHARGE_DAYS = 3;

type ContractSettings = NonNullable<WechatSettings["contracts"]>;

/** Contracts for further terms: signed with the first payment, each charge announced two days ahead. */
export class WechatContracts implements Agreements {
  readonly announceDays = 2;
  readonly #settings: WechatSettings;
  readonly #contracts: ContractSettings;
  readonly #v2: WechatV2;
  readonly #v3: WechatV3;
  readonly #parts: { readonly clock: Clock; readonly hearsAt: string };

  constructor(
    settings: WechatSettings & { readonly contracts: ContractSettings },
    v3: WechatV3,
    parts: { readonly clock: Clock; readonly hearsAt: string },
  ) {
    this.#settings = settings;
    this.#contracts = settings.contracts;
    this.#v2 = new WechatV2(v3.url, settings.contracts.apiV2Key);
    this.#v3 = v3;
    this.#parts = parts;
  }

  get v2(): WechatV2 {
    return this.#v2;
  }

  /** Begins an order that is paid and signed in one. */
  order(fields: Fields, { subscription, title }: { subscription: string; title: string }): Promise<Fields> {
    const { mchid, appid } = this.#settings;
    return this.#v2.ask(
      "/pay/contractorder",
      {
        ...this.#own(),
        contract_mchid: mchid,
        contract_appid: appid,
        plan_id: String(this.#contracts.planId),
        contract_code: subscription,
        request_serial: String(this.#parts.clock.now()),
        contract_display_account: [...title]
          .filter((letter) => letter.length === 1)
          .slice(0, 16)
          .join(""),
        notify_url: this.#parts.hearsAt,
        contract_notify_url: this.#parts.hearsAt,
        spbill_create_ip: this.#contracts.serverIp,
        ...fields,
      },
      { type: "HMAC-SHA256" },
    );
  }

  /** The contract's id where it is signed and was not ended. */
  async signed({ subscription }: Pick<Known, "subscription">): Promise<string | undefined> {
    const said = await this.#v2.ask(
      "/papay/querycontract",
      { ...this.#own(), ...this.#named(subscription) },
      { type: "MD5", allowed: /CONTRACT_?NOT_?EXIST/ },
    );
    const isOurs = said["contract_code"] === subscription && said["mch_id"] === this.#settings.mchid;
    return isOurs && said["contract_state"] === "0" ? said["contract_id"] : undefined;
  }

  async announce(charge: Charge): Promise<void> {
    this.#require(charge);
    const id = await this.#idOf(charge);
    const body = {
      mchid: this.#settings.mchid,
      appid: this.#settings.appid,
      deduct_duration: { count: CHARGE_DAYS, unit: "DAY" },
      estimated_amount: { amount: charge.amountMinor, currency: charge.currency },
    };
    await this.#v3
      .ask("POST", `/v3/papay/contracts/${encodeURIComponent(id)}/notify`, body)
      .catch(unlessDone("RESOURCE_ALREADY_EXISTS"));
  }

  async charge(charge: Charge): Promise<void> {
    this.#require(charge);
    const id = await this.#idOf(charge);
    await this.#v2.ask(
      "/pay/pappayapply",
      {
        ...this.#own(),
        body: charge.title,
        out_trade_no: charge.charge,
        total_fee: String(charge.amountMinor),
        fee_type: charge.currency,
        spbill_create_ip: this.#contracts.serverIp,
        notify_url: this.#parts.hearsAt,
        trade_type: "PAP",
        contract_id: id,
      },
      { type: "HMAC-SHA256", allowed: /^ORDER_?PAID$/ },
    );
  }

  mostMinor(): Promise<number> {
    return Promise.resolve(this.#contracts.mostMinor);
  }

  async end({ subscription }: Pick<Known, "subscription">): Promise<void> {
    if ((await this.signed({ subscription })) === undefined) return;
    const remark = { contract_termination_remark: "stopped by the person" };
    await this.#v2.ask(
      "/papay/deletecontract",
      { ...this.#own(), ...this.#named(subscription), ...remark },
      { type: "MD5" },
    );
  }

  #require({ amountMinor, currency }: Charge): void {
    if (currency !== "CNY") throw refused("currency");
    if (amountMinor > this.#contracts.mostMinor) throw refused("over-contract");
    const hour = beijingHour(this.#parts.clock.now());
    if (hour < FIRST_HOUR || hour >= LAST_HOUR) throw away("hours");
  }

  async #idOf(known: Known): Promise<string> {
    const id = await this.signed(known);
    if (id === undefined) throw refused("no-contract");
    return id;
  }

  #own(): Fields {
    return { appid: this.#settings.appid, mch_id: this.#settings.mchid };
  }

  #named(subscription: string): Fields {
    return { plan_id: String(this.#contracts.planId), contract_code: subscription, version: "1.0" };
  }
}

function unlessDone(code: string): (error: unknown) => void {
  return (error) => {
    if (!KeepsakeError.is(error) || error.details["why"] !== code) throw error;
  };
}
