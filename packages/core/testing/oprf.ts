/** The OPRF of guards, for tests that compute what guards and attackers would. */
export { ristretto255_oprf as oprf } from "@noble/curves/ed25519.js";
