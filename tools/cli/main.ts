/*
 * Builds the command line into packages/cli/dist, from where it starts sooner; only where the sources changed since.
 */
import { isBuilt, rebuild } from "./built.ts";

if (!isBuilt()) await rebuild();
