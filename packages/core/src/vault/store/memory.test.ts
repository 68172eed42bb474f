import { storeConformance } from "../../../testing/stores/conformance.ts";
import { memoryStore } from "./memory.ts";

storeConformance("the memory store", () => memoryStore());
