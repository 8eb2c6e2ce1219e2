import { expect, test } from "vitest";
import { withoutSecrets } from "../upstream/hidden-texts.ts";
import { natsFailure } from "./nats-failure.ts";

test.each([
  ["dial nats://u:p@127.0.0.1:4222 failed", "dial nats://***@127.0.0.1:4222 failed"],
  ["dial nats://u:p@ss@127.0.0.1:4222 failed", "dial nats://***@127.0.0.1:4222 failed"],
  ["nats://u:p@a, nats://token@b, nats://c", "nats://***@a, nats://***@b, nats://c"],
])("the user of an address is left out, whatever the password holds: %s", (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
  const failure = natsFailure(new Error(text), { addresses: [text] });
  expect(JSON.stringify(failure.toData())).not.toMatch(/u:p|ss@|token/);
});
