import type { BuyingRoutes } from "./buying.ts";
import type { GuardsRoutes } from "./guards.ts";
import type { MembersRoutes } from "./members.ts";
import type { OperatorRoutes } from "./operator.ts";
import type { PayRoutes } from "./pay.ts";
import type { RecoveryRoutes } from "./recovery.ts";
import type { SafetyRoutes } from "./safety.ts";
import type { VaultsRoutes } from "./vaults.ts";

/** What each route takes and answers, by its method and path. */
export type Routes = MembersRoutes &
  SafetyRoutes &
  VaultsRoutes &
  GuardsRoutes &
  RecoveryRoutes &
  OperatorRoutes &
  PayRoutes &
  BuyingRoutes;
