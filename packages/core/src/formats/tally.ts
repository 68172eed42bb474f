import type { Finding } from "../base/index.ts";
import type { Draft, Message } from "../model/index.ts";
import type { FidelityEntry, FidelityReport } from "./format.ts";

/** Counts what a writer cannot hold. */
export class FidelityTally {
  readonly #changed: Map<string, number> = new Map();
  readonly #dropped: Map<string, number> = new Map();
  readonly #findings: Finding[] = [];
  readonly counts: Draft<FidelityReport["counts"]> = { chats: 0, messages: 0, attachments: 0 };

  changed(what: string, count = 1): void {
    this.#changed.set(what, (this.#changed.get(what) ?? 0) + count);
  }

  dropped(what: string, count = 1): void {
    this.#dropped.set(what, (this.#dropped.get(what) ?? 0) + count);
  }

  finding(finding: Finding): void {
    this.#findings.push(finding);
  }

  report(): FidelityReport {
    const changed = entries(this.#changed);
    const dropped = entries(this.#dropped);
    const exact = changed.length === 0 && dropped.length === 0;
    return { exact, changed, dropped, findings: this.#findings, counts: this.counts };
  }
}

function entries(counts: ReadonlyMap<string, number>): FidelityEntry[] {
  return [...counts].map(([what, count]) => ({ what, count })).sort((a, b) => (a.what < b.what ? -1 : 1));
}

/** Whether a message was meant to be seen once, or is past its time. */
export function isFleeting(message: Message, now: number): boolean {
  const { ephemeral, deletion, attachments } = message;
  if (deletion?.state === "expired" || deletion?.state === "consumed") return true;
  if (ephemeral?.viewOnce === true) return true;
  if (ephemeral?.expiresAt !== undefined && ephemeral.expiresAt <= now) return true;
  return attachments?.some((attachment) => attachment.viewOnce === true) ?? false;
}

/** What is left of a fleeting message in a readable export: its place, and that something was there. */
export function fleetingPlace(message: Message): Message {
  const { chat, nativeIds, ordinal, order, time, author, direction, deletion, ephemeral } = message;
  const state = ephemeral?.viewOnce === true ? "consumed" : "expired";
  const { contentRetained: _, ...gone } = deletion ?? { state };
  return {
    chat,
    kind: "deleted",
    time,
    deletion: gone,
    ephemeral: { ...ephemeral, policyApplied: "tombstone" },
    ...(nativeIds !== undefined && { nativeIds }),
    ...(ordinal !== undefined && { ordinal }),
    ...(order !== undefined && { order }),
    ...(author !== undefined && { author }),
    ...(direction !== undefined && { direction }),
  };
}

/** How many findings of a code are told one by one. */
const toldSingly = 20;

/** Findings of a source: the first of each code with their places, the rest as a count. */
export class FindingTally {
  readonly #bySort: Map<string, { readonly singly: Finding[]; rest: Finding | undefined }> = new Map();

  add(finding: Finding): void {
    const { code, severity, count = 1 } = finding;
    const sort = this.#bySort.get(code) ?? { singly: [], rest: undefined };
    this.#bySort.set(code, sort);
    const isTold = finding.where !== undefined && sort.singly.length < toldSingly;
    if (isTold) sort.singly.push(finding);
    else sort.rest = { code, severity, count: (sort.rest?.count ?? 0) + count };
  }

  all(): Finding[] {
    return [...this.#bySort.values()].flatMap(({ singly, rest }) =>
      rest === undefined ? singly : [...singly, rest],
    );
  }
}
