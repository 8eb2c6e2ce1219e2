import { expect, test } from "vitest";
import { isLoopback } from "./loopback.ts";

test.each(["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "[::1]"])(
  "%s is this machine",
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

test.each([
  "127.example.com",
  "128.0.0.1",
  "0.0.0.0",
  "localhost.example.com",
  "shop.localhost",
  "::",
  "fe80::1",
  "",
  "1271",
])("%j may be another one", (host) => {
  expect(isLoopback(host)).toBe(false);
});
