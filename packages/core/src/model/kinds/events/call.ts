export type CallResult = "answered" | "missed" | "declined" | "busy" | "cancelled" | "failed" | "ongoing";

export interface CallPayload {
  readonly media?: "voice" | "video";
  readonly group?: boolean;
  readonly result?: CallResult;
  readonly durationMs?: number;
  readonly participants?: readonly string[];
}
