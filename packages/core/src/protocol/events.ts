/** All kinds of entries in the log that a server keeps for a member. */
export type MemberEventKind =
  | "signed-up"
  | "logged-in"
  | "logged-out"
  | "password-changed"
  | "contact-added"
  | "contact-removed"
  | "reset-begun"
  | "reset-cancelled"
  | "reset-ended"
  | "access-key-added"
  | "access-key-removed"
  | "approval-on"
  | "approval-off"
  | "device-approved"
  | "totp-on"
  | "totp-off"
  | "passkey-added"
  | "passkey-removed"
  | "guard-set"
  | "guard-asked"
  | "guard-removed"
  | "family-set"
  | "family-removed"
  | "family-started"
  | "family-notice"
  | "family-vetoed"
  | "family-released"
  | "enrol-approved"
  | "enrolled"
  | "vault-made"
  | "head-stored"
  | "object-removed"
  | "object-restored"
  | "closing-begun"
  | "closing-notice"
  | "closing-cancelled"
  | "room-80"
  | "room-95"
  | "room-refused"
  | "lapse-soon"
  | "lapse-begun"
  | "lapse-notice"
  | "lapse-last"
  | "lapse-removed"
  | "lapse-deleted"
  | "idle-set"
  | "idle-soon"
  | "quota-set";

/** What is no news to anybody who did it, and nothing to worry about for others. */
type QuietKind =
  | "signed-up"
  | "logged-out"
  | "family-set"
  | "family-removed"
  | "family-vetoed"
  | "enrol-approved"
  | "vault-made"
  | "head-stored"
  | "object-removed"
  | "object-restored"
  | "quota-set";

/** What a member is told of at once, on devices and at contacts: it may have been somebody else. */
export type AlarmingKind = Exclude<MemberEventKind, QuietKind>;

const alarming: Readonly<Record<AlarmingKind, true>> = {
  "logged-in": true,
  "password-changed": true,
  "contact-added": true,
  "contact-removed": true,
  "reset-begun": true,
  "reset-cancelled": true,
  "reset-ended": true,
  "access-key-added": true,
  "access-key-removed": true,
  "approval-on": true,
  "approval-off": true,
  "guard-set": true,
  "guard-removed": true,
  "passkey-added": true,
  "passkey-removed": true,
  "totp-on": true,
  "totp-off": true,
  "device-approved": true,
  enrolled: true,
  "family-started": true,
  "family-notice": true,
  "family-released": true,
  "room-80": true,
  "room-95": true,
  "room-refused": true,
  "lapse-soon": true,
  "lapse-begun": true,
  "lapse-notice": true,
  "lapse-last": true,
  "lapse-removed": true,
  "lapse-deleted": true,
  "idle-set": true,
  "idle-soon": true,
  "closing-begun": true,
  "closing-notice": true,
  "closing-cancelled": true,
  "guard-asked": true,
};

/** Whether an entry is of a kind that a member is told of at once. */
export function isAlarming(kind: string): kind is AlarmingKind {
  return Object.hasOwn(alarming, kind);
}
