import { expect, test } from "vitest";
import { placeOf } from "./place.ts";

test("all addresses of one household are one place, however they are written", () => {
  const cases = {
    "192.0.2.7": "192.0.2.7",
    "::ffff:192.0.2.7": "192.0.2.7",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2",
    "2001:db8::1:2:3:4": "2001:db8:0:0",
    "2001:db8:0:0:9:2:3:4": "2001:db8:0:0",
    "2001:db8::": "2001:db8:0:0",
    "::1": "0:0:0:0",
    "fe80::1:2:3:4%eth0": "fe80:0:0:0",
  };
  for (const [ip, place] of Object.entries(cases)) expect(placeOf({ ip })).toBe(place);
});
