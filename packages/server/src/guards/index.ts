export { openGuard, type Guard } from "./guard.ts";
export { destroySpent, evaluate, makeRecord, MOST_ATTEMPTS, proveOpened, removeRecord } from "./records.ts";
export { giveTickets, signTicket } from "./ticket.ts";
