import { server as opaque } from "@serenity-kit/opaque";
import { KeepsakeError } from "@keepsake/core/base";
import { indexOf, openTicket, sealTicket } from "../keys/sealed.ts";
import { randomId } from "../keys/ids.ts";
import type { Server } from "../server.ts";

/*
 * OPAQUE (RFC 9807): the server never sees a password, and who asks for a member that does not exist gets an answer
 * like any other. What has to be remembered between two requests travels in a ticket.
 */

const TICKET_MS = 5 * 60_000;

interface RegistrationTicket {
  readonly credential: string;
}

/** The first half of setting a password. `ticket` comes back with the second. */
export function startRegistration(
  server: Server,
  registrationRequest: string,
): { readonly ticket: string; readonly registrationResponse: string } {
  const { secrets, clock } = server;
  const credential = randomId();
  const { registrationResponse } = wasm(() =>
    opaque.createRegistrationResponse({
      serverSetup: secrets.opaqueSetup,
      userIdentifier: credential,
      registrationRequest,
    }),
  );
  const value: RegistrationTicket = { credential };
  return {
    ticket: sealTicket(server, "registration", value, clock.now() + TICKET_MS),
    registrationResponse,
  };
}

/** What is stored of a password. */
export interface PasswordRecord {
  readonly credential: string;
  readonly record: string;
}

/** The second half. Throws `request.invalid` where the ticket is not ours, or too old. */
export function finishRegistration(
  server: Server,
  { ticket, registrationRecord }: { readonly ticket: string; readonly registrationRecord: string },
): PasswordRecord {
  const value = openTicket(server, "registration", ticket, server.clock.now()) as
    RegistrationTicket | undefined;
  if (value === undefined)
    throw new KeepsakeError("request.invalid", { details: { where: "/ticket", rule: "age" } });
  return { credential: value.credential, record: registrationRecord };
}

interface LoginTicket {
  /** Of this one login. */
  readonly id: string;
  readonly member: string | undefined;
  /** The password that it began with. */
  readonly credential: string;
  /** What was typed, as it is stored, and from where: to forget the tries once it was right. */
  readonly tried: LoginTried;
  readonly serverLoginState: string;
}

/** A name that somebody tries to log in by, as it is stored, and where from. */
export interface LoginTried {
  readonly nameIndex: string;
  readonly from: string;
}

/** The first half of logging in. Takes as long, and answers as much, for a name that nobody has. */
export function startLogin(
  server: Server,
  options: {
    readonly tried: LoginTried;
    readonly known: (PasswordRecord & { readonly member: string }) | undefined;
    readonly startLoginRequest: string;
  },
): { readonly ticket: string; readonly loginResponse: string } {
  const { secrets, clock } = server;
  const { tried, known, startLoginRequest } = options;
  const credential = known?.credential ?? indexOf(secrets, "nobody", tried.nameIndex).slice(0, 26);
  const { loginResponse, serverLoginState } = wasm(() =>
    opaque.startLogin({
      serverSetup: secrets.opaqueSetup,
      userIdentifier: credential,
      registrationRecord: known?.record,
      startLoginRequest,
    }),
  );
  // The member's id takes the same room whether there is one or not.
  const value: LoginTicket = {
    id: randomId(),
    member: known?.member ?? "",
    credential,
    tried,
    serverLoginState,
  };
  const ticket = sealTicket(
    server,
    "login",
    { ...value, fill: known === undefined ? randomId() : "" },
    clock.now() + TICKET_MS,
  );
  return { ticket, loginResponse };
}

/** The second half: the member that logged in. Throws `member.wrong-login`. */
export function finishLogin(
  server: Server,
  { ticket, finishLoginRequest }: { readonly ticket: string; readonly finishLoginRequest: string },
): Pick<LoginTicket, "credential" | "tried"> & { readonly member: string; readonly login: string } {
  const value = openTicket(server, "login", ticket, server.clock.now()) as LoginTicket | undefined;
  if (value === undefined) throw new KeepsakeError("member.wrong-login");
  const { id, member, credential, tried, serverLoginState } = value;
  try {
    opaque.finishLogin({ serverLoginState, finishLoginRequest });
  } catch (cause) {
    throw new KeepsakeError("member.wrong-login", { cause });
  }
  if (member === undefined || member === "") throw new KeepsakeError("member.wrong-login");
  return { member, credential, tried, login: id };
}

/** What a client sends may be no message of OPAQUE. */
function wasm<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new KeepsakeError("request.invalid", { cause, details: { where: "/opaque", rule: "message" } });
  }
}
