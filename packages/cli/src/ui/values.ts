import type { MessageTime } from "@keepsake/core/model";

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** Bytes in decimal units, as disks are sold: 1 kB is 1000 bytes. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** Whole numbers with thin groups of three: 1 234 567. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, "\u202f");
}

/** A span of time, as short as it can be said: 8 s, 3:05, 1:02:09. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const [minutes, rest] = [Math.floor(seconds / 60), String(seconds % 60).padStart(2, "0")];
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** An instant in the time of this machine: 2026-01-31 09:05. */
export function instantText(milliseconds: number): string {
  const offset = new Date(milliseconds).getTimezoneOffset() * 60_000;
  return new Date(milliseconds - offset).toISOString().slice(0, 16).replace("T", " ");
}

/** When a message was sent: local times of an unknown zone stay as they were written. */
export function messageTimeText({ sent, precision, zone }: MessageTime): string {
  if (precision === "none") return "—";
  const isInstant = zone === "utc" || zone === "offset";
  const text = isInstant ? instantText(sent) : new Date(sent).toISOString().slice(0, 16).replace("T", " ");
  return precision === "day" ? text.slice(0, 10) : text;
}

/** The day of a message, for tables; a dash where there is none. */
export function dayText(milliseconds: number | null): string {
  return milliseconds === null ? "—" : instantText(milliseconds).slice(0, 10);
}
