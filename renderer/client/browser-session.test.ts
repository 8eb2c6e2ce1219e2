import { expect, test } from "vitest";
import { oneTimeTokenIn } from "./browser-session.ts";

const token = `swl_${"a".repeat(42)}-`;

test.each([
  ["a link", `http://127.0.0.1:7411/#token=${token}`],
  ["a fragment", `#token=${token}`],
  ["a token", `  ${token}\n`],
  [
    "the console's answer",
    JSON.stringify({ address: `http://127.0.0.1:7411/#token=${token}`, expiresAt: "x" }),
  ],
])("the one-time token is found in %s", (_what, text) => {
  expect(oneTimeTokenIn(text)).toBe(token);
});

test.each(["", "#/c/here/default/hosts", "/?token=old-style-token", "hello"])("%s holds none", (text) => {
  expect(oneTimeTokenIn(text)).toBeUndefined();
});
