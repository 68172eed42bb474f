/* Tickets: how a member shows that room is paid for without saying who paid. Loaded where somebody pays. */
export {
  fetchTickets,
  pinnedTicketKey,
  showTickets,
  wantedTickets,
  type AskedTicket,
  type Ticket,
  type TicketOptions,
} from "./tickets.ts";
export type { GivenTicket } from "./blinding.ts";
export { removedPacks, yearsAhead, type RemovalAhead, type YearAhead } from "./removals.ts";
export { tryPlan } from "./trials.ts";
export { bringLevel, getTickets, openPayer, type AccountState, type KeptTickets } from "./payer.ts";
