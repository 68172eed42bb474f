import { membersAndVaults } from "./0001-0009/0001-members-and-vaults.ts";
import { jobs } from "./0001-0009/0002-jobs.ts";
import { contacts } from "./0001-0009/0003-contacts.ts";
import { guardsAndRecovery } from "./0001-0009/0004-guards-and-recovery.ts";
import { resets } from "./0001-0009/0005-resets.ts";
import { secondFactors } from "./0001-0009/0006-second-factors.ts";
import { passkeys } from "./0001-0009/0007-passkeys.ts";
import { closings } from "./0001-0009/0009-closings.ts";
import { facts } from "./0010-0019/0010-facts.ts";
import { operatorLog } from "./0010-0019/0011-operator-log.ts";
import { roomNotices } from "./0010-0019/0012-room-notices.ts";
import { keyTokens } from "./0010-0019/0013-key-tokens.ts";
import { tokensOfTheTrash } from "./0010-0019/0015-tokens-of-the-trash.ts";
import { sweeps } from "./0010-0019/0016-sweeps.ts";
import { cells } from "./0010-0019/0017-cells.ts";
import { catalogues } from "./0010-0019/0018-catalogues.ts";
import { billing } from "./0010-0019/0019-billing.ts";
import { levels } from "./0020-levels.ts";
import { trials } from "./0021-trials.ts";
import { proofs } from "./0022-proofs.ts";
import { refunds } from "./0023-refunds.ts";
import { gifts } from "./0024-gifts.ts";

import type { Migration } from "./migration.ts";

/** All steps in order. */
export const migrations: readonly Migration[] = [
  membersAndVaults,
  jobs,
  contacts,
  guardsAndRecovery,
  resets,
  secondFactors,
  passkeys,
  closings,
  facts,
  operatorLog,
  roomNotices,
  keyTokens,
  tokensOfTheTrash,
  sweeps,
  cells,
  catalogues,
  billing,
  levels,
  trials,
  proofs,
  refunds,
  gifts,
];
