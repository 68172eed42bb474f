import type { Site } from "../route.ts";
import { addDeviceRoutes } from "./devices.ts";
import { addGuardRoutes, addGuardTicketRoute } from "./guards.ts";
import { addLevelRoutes } from "./levels.ts";
import { addObjectRoutes } from "./objects.ts";
import { addLineRoutes } from "./line.ts";
import { addOperatorRoutes } from "./operator.ts";
import { addPublicRoutes, type ServerState } from "./public.ts";
import { addSignUpRoutes } from "./sign-up.ts";
import { addCellRoutes } from "./recovery/cell.ts";
import { addEnrolRoutes } from "./recovery/enrol.ts";
import { addFamilyRoutes } from "./recovery/family.ts";
import { addStreamRoute } from "./stream.ts";
import { addAccessRoutes } from "./safety/access.ts";
import { addClosingRoutes } from "./safety/closing.ts";
import { addContactRoutes } from "./safety/contacts.ts";
import { addPasskeyRoutes } from "./safety/passkeys.ts";
import { addResetRoutes } from "./safety/reset.ts";
import { addTotpRoutes } from "./safety/totp.ts";
import { addUploadRoutes } from "./uploads.ts";
import { addVaultRoutes } from "./vaults.ts";

/** All that the server answers. */
export function addRoutes(site: Site, state: ServerState): void {
  addPublicRoutes(site, state);
  addSignUpRoutes(site);
  addDeviceRoutes(site);
  addContactRoutes(site);
  addResetRoutes(site);
  addAccessRoutes(site);
  addTotpRoutes(site);
  addPasskeyRoutes(site);
  addClosingRoutes(site);
  addGuardTicketRoute(site);
  addGuardRoutes(site);
  addStreamRoute(site, state);
  addVaultRoutes(site);
  addUploadRoutes(site);
  addObjectRoutes(site);
  addLineRoutes(site);
  addLevelRoutes(site);
  addEnrolRoutes(site);
  addFamilyRoutes(site);
  addOperatorRoutes(site);
  addCellRoutes(site);
}
