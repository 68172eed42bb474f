/** What people use or were told of beside a plan, for comparing. Rough figures for China, which nobody looked up for us. */
export interface Beside {
  readonly currency: string;
  /** Disks of one's own, two of them: one may break. Once, not by the year. */
  readonly disks: { readonly bytes: number; readonly onceMinor: number };
  /** Room in a phone maker's cloud, by the year. */
  readonly phoneCloud: readonly { readonly bytes: number; readonly yearlyMinor: number }[];
  /** A ladder of roaming: how far back for what a year. */
  readonly roaming: readonly { readonly days: number; readonly yearlyMinor: number }[];
  /** What was told of in 2021, without any word of how much room. */
  readonly reported: { readonly iphoneMinor: number; readonly androidMinor: number };
}

export const beside: Beside = {
  currency: "CNY",
  disks: { bytes: 1e12, onceMinor: 2 * 35_000 },
  phoneCloud: [
    { bytes: 50e9, yearlyMinor: 7_200 },
    { bytes: 200e9, yearlyMinor: 25_200 },
    { bytes: 2e12, yearlyMinor: 81_600 },
  ],
  roaming: [
    { days: 30, yearlyMinor: 12_000 },
    { days: 730, yearlyMinor: 24_000 },
  ],
  reported: { iphoneMinor: 18_000, androidMinor: 13_000 },
};
