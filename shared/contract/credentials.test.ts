import { expect, test } from "vitest";
import { isCredential, maskedValue, textWithoutCredentials, withoutCredentials } from "./credentials.ts";

test.each([
  "DB_PASSWORD",
  "dbPassword",
  "registry-token",
  "apiKey",
  "API_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "client.secret",
  "Credentials",
  "PASSPHRASE",
  "githubToken2",
  "key",
])("%s names a credential", (name) => {
  expect(isCredential(name, "x")).toBe(true);
});

test.each([
  "postgres://ada:hunter2@db/app",
  "see amqp://u:p@mq:5672/%2f for more",
  "https://user:x@example.com?a=b",
  "host=db user=ada password=hunter2",
  "https://example.com/hook?token=abc",
  "Bearer abcdef",
  "-----BEGIN EC PRIVATE KEY-----\nabc",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
  `SU${"A".repeat(56)}`,
  "DefaultEndpointsProtocol=https;AccountKey=abc==",
])("%s holds one", (value) => {
  expect(isCredential("URL", value)).toBe(true);
});

test.each([
  ["LOG_LEVEL", "debug"],
  ["URL", "https://example.com/a:b@c?d=e"],
  ["URL", "nats://127.0.0.1:4222"],
  ["remote", "ssh://git@git.example.com/shop"],
  ["monkey", "banana"],
  ["keyboard", "us"],
  ["compass", "north"],
  ["PASSWORD", ""],
  ["wasmcloud.dev/managed-by", "wadm"],
])("%s=%s is kept", (name, value) => {
  expect(isCredential(name, value)).toBe(false);
});

test("a map keeps every key, also one that objects inherit", () => {
  const map = JSON.parse('{"a":"1","DB_TOKEN":"t","__proto__":"p","constructor":"c"}') as Record<
    string,
    string
  >;
  expect(JSON.stringify(withoutCredentials(map))).toBe(
    `{"a":"1","DB_TOKEN":"${maskedValue}","__proto__":"p","constructor":"c"}`,
  );
});

test("JSON is masked inside and stays JSON; without a credential it stays as it was written", () => {
  const payload =
    '{"to":"ada","smtp":{"password":"hunter2","port":25},"tokens":["a","b"],"pin":1,"apiKey":7}';
  expect(JSON.parse(textWithoutCredentials(payload))).toEqual({
    to: "ada",
    smtp: { password: maskedValue, port: 25 },
    tokens: [maskedValue, maskedValue],
    pin: 1,
    apiKey: maskedValue,
  });
  const harmless = '{ "n": 12345678901234567890,  "a": [1.0] }';
  expect(textWithoutCredentials(harmless)).toBe(harmless);
  expect(textWithoutCredentials("plain words")).toBe("plain words");
  expect(textWithoutCredentials("postgres://u:p@db")).toBe(maskedValue);
});

test("long texts take no time that grows faster than they do", () => {
  const texts = [
    "a".repeat(2_000_000),
    "://".repeat(500_000),
    "password ".repeat(200_000),
    "eyJ".repeat(500_000),
  ];
  for (const text of texts) expect(typeof isCredential("x", text)).toBe("boolean");
});
