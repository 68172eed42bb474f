/* Pages that are gone through once on a device, loaded together. */
export { FromDevice } from "./from-device.tsx";
export { MakeVault, NewKit } from "./kit.tsx";
export { SignUp } from "./sign-up.tsx";
