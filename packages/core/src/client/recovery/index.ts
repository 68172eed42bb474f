export {
  answerEnrolment,
  awaitOldDevice,
  offerEnrolment,
  type Candidate,
  type Enrolled,
  type Offer,
} from "./enrol.ts";
export { forgetFamily, offerHelp, setFamily, takeHelp } from "./family.ts";
export { forgetGuards, openGuarded, setGuardedPassword } from "./guards.ts";
