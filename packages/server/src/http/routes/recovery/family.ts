import Type from "typebox";
import { allShares, familyKeyOf, makeShare, startAnyWait, takeAnyShares } from "../../../recovery/afar.ts";
import { removeShare, setFamilyKey, veto } from "../../../recovery/family.ts";
import { addRoute, type Site } from "../../route.ts";
import { hex, id, millis, shape } from "../../wire.ts";

const box = Type.String({ pattern: "^[A-Za-z0-9_.-]+$", maxLength: 8192 });
const epoch = Type.Integer({ minimum: 0, maximum: 4_294_967_295 });
/** An X-Wing public key. */
const publicKey = hex(1216);
const waitDays = Type.Integer({ minimum: 7, maximum: 30 });
const params = shape({ share: hex(16) });

/** Help from the family: one share is the helper's, the other is given out after a wait that the member may end. */
export function addFamilyRoutes(site: Site): void {
  addKeys(site);
  addShares(site);
  addWaits(site);
}

function addKeys(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "PUT",
      path: "/v1/family/key",
      summary: "Publish the key to which shares are sealed for this member",
      admit: "full",
      body: shape({ publicKey, epoch }),
      status: 204,
    },
    async ({ session, body }) => {
      await setFamilyKey(server, session, body);
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/family/keys/:member",
      summary: "The key of a member who may help; compare it with what the member says",
      admit: "full",
      params: shape({ member: id }),
      answer: shape({ publicKey, epoch }),
    },
    ({ params: { member } }) => familyKeyOf(server, member),
  );
}

function addShares(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/family",
      summary: "Keep the shares of a family slot: the helper's sealed, the other until its wait is over",
      admit: "full",
      body: shape({ share: hex(16), helper: id, box, delayed: hex(32), waitDays }),
      status: 204,
    },
    async ({ session, body }) => {
      await makeShare(server, session, body);
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/family",
      summary: "The family slots that one has, and those in which one may help",
      admit: "session",
      answer: shape({
        shares: Type.Array(
          shape({
            share: hex(16),
            member: id,
            helper: id,
            isOwn: Type.Boolean(),
            waitDays,
            state: Type.Union([Type.Literal("kept"), Type.Literal("waiting"), Type.Literal("released")]),
            waitedMs: millis,
            notices: Type.Integer(),
          }),
        ),
      }),
    },
    async ({ session }) => ({
      shares: (await allShares(server, session)).map(
        ({ id: share, member, helper, waitDays: days, state, waitedMs, notices }) => ({
          share,
          member,
          helper,
          isOwn: member === session.member,
          waitDays: days,
          state,
          waitedMs,
          notices,
        }),
      ),
    }),
  );
  addRoute(
    site,
    {
      method: "DELETE",
      path: "/v1/family/:share",
      summary: "Forget the shares of one's family slot",
      admit: "full",
      params,
      status: 204,
    },
    async ({ session, params: { share } }) => {
      await removeShare(server, session, share);
      return undefined;
    },
  );
}

function addWaits(site: Site): void {
  const { server } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/family/:share/start",
      summary: "Ask for the other share, as the helper: the member is told at once, and every day",
      admit: "full",
      params,
      status: 204,
    },
    async ({ session, params: { share } }) => {
      await startAnyWait(server, session, share);
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/family/:share/veto",
      summary: "Say no, on any device: the wait ends and has counted for nothing",
      admit: "session",
      params,
      status: 204,
    },
    async ({ session, params: { share } }) => {
      await veto(server, session, share);
      return undefined;
    },
  );
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/family/:share/release",
      summary: "Take both shares, as the helper, once the wait is over",
      admit: "full",
      params,
      answer: shape({ box, delayed: hex(32) }),
    },
    ({ session, params: { share } }) => takeAnyShares(server, session, share),
  );
}
