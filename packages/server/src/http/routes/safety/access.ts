import Type from "typebox";
import { approveDevice, setApproval } from "../../../members/access/approval.ts";
import {
  addAccessKey,
  challengeAccess,
  listAccessKeys,
  proveAccess,
  removeAccessKey,
} from "../../../members/access/prove.ts";
import { addRoute, type Site } from "../../route.ts";
import { digits, hex, id, millis, shape, ticket } from "../../wire.ts";

const kind = Type.Union([Type.Literal("words"), Type.Literal("device")]);
const line = shape({ id, kind, key: hex(32), addedMs: millis });
const PROOF_COST = 10;

/** How a limited session becomes full: by what opens the vault, or by another device. */
export function addAccessRoutes(site: Site): void {
  addKeys(site);
  addProof(site);
  addApproval(site);
}

function addKeys(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/access/keys",
      summary: "Add a public key that was derived from what opens the vault",
      admit: "full",
      body: shape({ key: hex(32), kind }),
      status: 201,
      answer: line,
    },
    async ({ session, body }) => addAccessKey(server, session, body),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/access/keys",
      summary: "The member's access keys",
      admit: "session",
      answer: shape({ keys: Type.Array(line) }),
    },
    async ({ session }) => ({ keys: [...(await listAccessKeys(server, session))] }),
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/access/keys/:id",
      summary: "Remove an access key",
      admit: "full",
      params: shape({ id }),
      status: 204,
    },
    async ({ session, params }) => {
      await removeAccessKey(server, session, params.id);
      return undefined;
    },
  );
}

function addProof(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/access/start",
      summary: "What to sign to make this session full",
      admit: "session",
      answer: shape({ challenge: ticket }),
    },
    async ({ session }) => ({ challenge: challengeAccess(server, session) }),
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/access/prove",
      summary: "Make this session full by a signature of an access key",
      admit: "session",
      cost: PROOF_COST,
      body: shape({
        challenge: ticket,
        key: hex(32),
        signature: Type.String({ pattern: "^[A-Za-z0-9_-]{86}$" }),
        totp: Type.Optional(digits),
      }),
      status: 204,
    },
    async ({ session, body }) => {
      await proveAccess(server, session, body);
      return undefined;
    },
  );
}

function addApproval(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/member/device-approval",
      summary: "Whether a login by password waits for another device, for 72 hours at most",
      admit: "full",
      body: shape({ isOn: Type.Boolean() }),
      status: 204,
    },
    async ({ session, body }) => {
      await setApproval(server, session, body.isOn);
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/devices/:id/approve",
      summary: "Approve another device, which is limited so far",
      admit: "full",
      params: shape({ id }),
      status: 204,
    },
    async ({ session, params }) => {
      await approveDevice(server, session, params.id);
      return undefined;
    },
  );
}
