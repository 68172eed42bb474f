import { randomBytes } from "node:crypto";
import Type from "typebox";
import { KeepsakeError } from "@keepsake/core/base";
import { addRoute, bytesOf, sentWhole, type Site } from "../route.ts";
import { bytesCount, shape } from "../wire.ts";

/** More is not needed to tell a slow line from a fast one. */
const MOST_BYTES = 4 * 1024 * 1024;
/** What a try takes of the requests of a member, whatever its size. */
const COST = 10;

/** How fast a member's line is, tried before something long: bytes that mean nothing, and of which nothing is kept. */
export function addLineRoutes(site: Site): void {
  const { bodies } = site;
  addRoute(
    site,
    {
      method: "POST",
      path: "/v1/line",
      summary: "Takes bytes and forgets them: how fast a line sends",
      admit: "full",
      cost: COST,
      answer: shape({ bytes: bytesCount }),
    },
    ({ session, request }) =>
      bodies.run(session.member, async () => {
        let bytes = 0;
        for await (const chunk of bytesOf(request) as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          if (bytes > MOST_BYTES) throw new KeepsakeError("request.too-large");
        }
        return { bytes };
      }),
  );
  addRoute(
    site,
    {
      method: "GET",
      path: "/v1/line",
      summary: "Gives random bytes: how fast a line fetches",
      admit: "full",
      cost: COST,
      query: shape({ bytes: Type.String({ pattern: "^[0-9]{1,7}$" }) }),
    },
    ({ session, query, reply }) =>
      bodies.run(session.member, () => {
        const bytes = Math.min(Number(query.bytes), MOST_BYTES);
        // Sent is not awaited here: a reply that is awaited waits for its own end.
        return sentWhole(
          reply,
          async () => void reply.type("application/octet-stream").send(randomBytes(bytes)),
        );
      }),
  );
}
