import { KeepsakeError } from "@keepsake/core/base";
import { carryErrors, unexpected } from "../state/errors.ts";
import { joinThreads, type Port } from "../threads/calls.ts";
import { Desk } from "./desk.ts";

const carrying = carryErrors((error) => {
  if (!KeepsakeError.is(error)) return unexpected(error);
  const { code, details, retry } = error;
  return { code, details, retry };
});
joinThreads(self as unknown as Port, new Desk(self.location.origin), carrying);
