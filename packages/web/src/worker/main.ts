import { codes, KeepsakeError } from "@keepsake/core/base";
import { expose } from "comlink";
import { carryErrors, unexpected } from "../state/errors.ts";
import { Desk } from "./desk.ts";

carryErrors((error) => {
  if (!KeepsakeError.is(error)) return unexpected(error, codes["base.unexpected"]);
  const { code, details, retry } = error;
  const { zh, en } = codes[code];
  return { code, details, retry, says: { zh, en } };
});
expose(new Desk(self.location.origin));
