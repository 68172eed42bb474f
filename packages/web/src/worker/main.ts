import { KeepsakeError } from "@keepsake/core/base";
import { expose } from "comlink";
import { carryErrors, unexpected } from "../state/errors.ts";
import { Desk } from "./desk.ts";

carryErrors((error) => {
  if (!KeepsakeError.is(error)) return unexpected(error);
  const { code, details, retry } = error;
  return { code, details, retry };
});
expose(new Desk(self.location.origin));
