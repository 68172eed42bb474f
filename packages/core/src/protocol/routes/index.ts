import type { MembersRoutes } from "./members.ts";
import type { SafetyRoutes } from "./safety.ts";
import type { VaultsRoutes } from "./vaults.ts";

/** What each route takes and answers, by its method and path. */
export interface Routes extends MembersRoutes, SafetyRoutes, VaultsRoutes {}
