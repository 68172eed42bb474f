import { KeepsakeError, systemClock, type Primitives } from "@keepsake/core/base";
import { browserPrimitives } from "@keepsake/core/browser";
import { checkReceipt, Connection, serverStore } from "@keepsake/core/client";
import { chatCollections, HistoryView, loadHistory, RowReader, type History } from "@keepsake/core/history";
import { chatTitle } from "@keepsake/core/model";
import { newestSnapshot, openVault, type Snapshot, type Vault } from "@keepsake/core/vault";
import { retryStore, type Store } from "@keepsake/core/store";
import { writeDevice, type KeptDevice, type Secrets } from "./device/device.ts";

/** A history that is open for looking at. */
export interface Open {
  readonly vault: Vault;
  readonly snapshot: Snapshot;
  /** What is looked at: the newest version, unless somebody went back. */
  readonly history: History;
  readonly newest: History;
  readonly reader: RowReader;
  readonly view: HistoryView;
  /** Of no member: nothing that is done to it is kept. */
  readonly isSample: boolean;
}

/** Who is here, and what is open. One a worker. */
export class Session {
  readonly #url: string;
  #primitives: Promise<Primitives> | undefined;
  #language: "en" | "zh-CN" = "zh-CN";
  #device: KeptDevice | undefined;
  #secrets: Secrets | undefined;
  #open: Open | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  primitives(): Promise<Primitives> {
    return (this.#primitives ??= browserPrimitives());
  }

  speak(language: "en" | "zh-CN"): void {
    this.#language = language;
  }

  /** A way to the server, with the credentials of who is logged in, if anybody is. */
  async connection(): Promise<Connection> {
    const secrets = this.#secrets;
    return new Connection({
      url: this.#url,
      primitives: await this.primitives(),
      language: this.#language,
      ...(secrets !== undefined && { credentials: secrets }),
    });
  }

  /** Throws `member.no-session` where nobody is logged in. */
  get device(): KeptDevice {
    if (this.#device === undefined) throw new KeepsakeError("member.no-session");
    return this.#device;
  }

  get secrets(): Secrets {
    if (this.#secrets === undefined) throw new KeepsakeError("member.no-session");
    return this.#secrets;
  }

  get isIn(): boolean {
    return this.#secrets !== undefined;
  }

  /** Throws `web.locked` where none is open. */
  get open(): Open {
    if (this.#open === undefined) throw new KeepsakeError("web.locked");
    return this.#open;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  enter(device: KeptDevice, secrets: Secrets): void {
    [this.#device, this.#secrets] = [device, secrets];
  }

  /** Keeps something more of this browser. */
  async amend(change: Partial<KeptDevice>): Promise<void> {
    this.#device = { ...this.device, ...change };
    await writeDevice(this.#device);
  }

  /** Forgets what opens anything; what is kept stays. */
  lock(): void {
    [this.#device, this.#secrets, this.#open] = [undefined, undefined, undefined];
  }

  /** The vault on the server as a store. */
  async store(serverVault: string): Promise<Store> {
    const [connection, primitives] = [await this.connection(), await this.primitives()];
    const store = serverStore({
      connection,
      vault: serverVault,
      isDirect: this.device.isDirect,
      onReceipt: async (receipt) => {
        const { receiptKey, receipt: before } = this.device;
        const about = { receipt, receiptKey, vault: serverVault };
        await this.amend({ receipt: checkReceipt(primitives, about, before) });
      },
    });
    return retryStore(store);
  }

  /** Opens the vault by this browser's own key. Throws what `openVault` throws. */
  async openOwn(): Promise<Open> {
    const { serverVault, anchor } = this.device;
    const { deviceKey } = this.secrets;
    if (serverVault === undefined || deviceKey === undefined) throw new KeepsakeError("member.unknown-vault");
    const opened = await openVault({
      primitives: await this.primitives(),
      store: await this.store(serverVault),
      clock: systemClock,
      secret: { kind: "device", ...deviceKey },
      anchor,
    });
    return this.show(opened.vault, opened.snapshot);
  }

  /** Looks at a version of a vault from now on. */
  async show(vault: Vault, snapshot: Snapshot, isSample = false): Promise<Open> {
    const history = await loadHistory(vault, snapshot);
    const reader = new RowReader(history);
    const view = new HistoryView(reader);
    this.#open = { vault, snapshot, history, newest: history, reader, view, isSample };
    const { number, hash } = snapshot.head;
    if (!isSample) await this.amend({ anchor: { number, hash } });
    return this.#open;
  }

  /** Looks at a version, which is not made anything else by it. */
  look(history: History): Promise<void> {
    const reader = new RowReader(history);
    this.#open = { ...this.open, history, reader, view: new HistoryView(reader) };
    return Promise.resolve();
  }

  /** What chats are called, by their ids. */
  async titles(view: HistoryView): Promise<ReadonlyMap<string, string>> {
    const titles = new Map<string, string>();
    for (const collection of chatCollections(this.open.history)) {
      const described = await view.chat(collection);
      if (described === undefined) continue;
      const { chat, accounts } = described;
      titles.set(
        chat.id,
        chatTitle(chat, (id) => accounts.get(id)),
      );
    }
    return titles;
  }

  /** The newest version, where there is a newer one than that which is open: whether there was. */
  async refresh(): Promise<boolean> {
    const { vault, snapshot, isSample } = this.open;
    const newest = await newestSnapshot(vault, { number: snapshot.head.number, hash: snapshot.head.hash });
    if (newest.head.hash === snapshot.head.hash) return false;
    await this.show(vault, newest, isSample);
    return true;
  }
}
