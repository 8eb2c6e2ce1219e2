import { describe, expect, it } from "vitest";
import { headerNameProblem } from "./http-header.ts";

describe("a header that tells a proxy who calls", () => {
  it.each([
    "X-Auth-Token",
    "Authorization",
    "Private-Token",
    "x_api_key",
    "CF-Access-Client-Secret",
    "X-Remote-User",
  ])("may be %s", (name) => expect(headerNameProblem(name)).toBeUndefined());

  it.each([
    ...[
      "Host",
      "host",
      "HOST",
      "Content-Length",
      "Transfer-Encoding",
      "Connection",
      "Upgrade",
      "TE",
      "Trailer",
    ],
    ...["Expect", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Cookie", "Origin", "Referer"],
    ...[
      "Content-Type",
      "Content_Length",
      "Transfer_Encoding",
      "Accept-Encoding",
      "Via",
      "Forwarded",
      "Range",
    ],
    ...["X-Forwarded-Host", "X-Original-URL", "X-Rewrite-Url", "X-HTTP-Method-Override", "Sec-Fetch-Site"],
    ...[
      "Metadata-Flavor",
      "Metadata",
      "X-aws-ec2-metadata-token",
      "X-Google-Metadata-Request",
      "If-None-Match",
    ],
  ])("is never %s, which belongs to the request", (name) => {
    expect(headerNameProblem(name)).toMatch(/belongs to the request/);
  });

  it.each(["", "a b", "a:b", "X-A\r\nHost", "x\u0000", "é", "a".repeat(101), '"x"', "(x)"])(
    "has a name that HTTP can carry, unlike %j",
    (name) => expect(headerNameProblem(name)).toMatch(/no header/),
  );
});
