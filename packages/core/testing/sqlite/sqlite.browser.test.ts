import { browserSqlite } from "../../src/platform/browser/sqlite.ts";
import { sqliteConformance } from "./conformance.ts";
import { memoryPlace } from "./memory-place.ts";

sqliteConformance("A browser", browserSqlite, memoryPlace);
