import { expect, it } from "vitest";
import { networkFailure } from "./network-cause.ts";

it("shows an address as it is, whatever its text means to a replacement", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const { message } = networkFailure(refused, { address: "http://127.0.0.1:1/$&/$'" });
  expect(message).toBe("Nothing accepts connections at http://127.0.0.1:1/$&/$'.");
});
