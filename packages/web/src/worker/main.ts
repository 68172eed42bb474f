import { expose } from "comlink";
import { carryErrors } from "../state/errors.ts";
import { Desk } from "./desk.ts";

carryErrors();
expose(new Desk(self.location.origin));
