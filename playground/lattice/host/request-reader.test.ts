import { describe, expect, it } from "vitest";
import { RefusedRequest, RequestReader, readRequest } from "./request-reader.ts";

function reader(text: string, aliases?: Record<string, string>): RequestReader {
  return new RequestReader(Buffer.from(text), aliases);
}

describe("reading requests as strictly as a host (wasmcloud-control §2.0)", () => {
  it.each(["1.0", '"1"', "-1", "1e2", "4294967296", "null", "true"])("refuses the count %s", (count) => {
    expect(() => reader(`{"count":${count}}`).unsigned("count", 4_294_967_295)).toThrow();
  });

  it.each(["0", "25", "4294967295"])("takes the count %s", (count) => {
    expect(reader(`{"count":${count}}`).unsigned("count", 4_294_967_295)).toBe(Number(count));
  });

  it("refuses a field given twice, but only where it is read", () => {
    const doubled = reader('{"a":"1","b":"x","a":"2"}');
    expect(doubled.string("b")).toBe("x");
    expect(() => doubled.string("a")).toThrow("duplicate field a");
  });

  it("sees nested fields of the same name as different", () => {
    expect(reader('{"a":{"a":"x,}:"},"b":[{"a":1}]}').map("a")).toEqual({ a: "x,}:" });
  });

  it("treats an alias and its name as the same field", () => {
    const aliases = { provider_ref: "provider_id" };
    expect(reader('{"provider_ref":"p"}', aliases).string("provider_id")).toBe("p");
    expect(() => reader('{"provider_ref":"p","provider_id":"p"}', aliases).string("provider_id")).toThrow();
  });

  it("takes null for optional maps only", () => {
    expect(reader('{"annotations":null}').optionalMap("annotations")).toBeUndefined();
    expect(() => reader('{"config":null}').strings("config", [])).toThrow();
    expect(() => reader('{"constraints":null}').map("constraints")).toThrow();
    expect(() => reader('{"allow_update":null}').boolean("allow_update", false)).toThrow();
    expect(() => reader('{"host_id":null}').string("host_id", "")).toThrow();
  });

  it("refuses maps with values that are not strings", () => {
    expect(() => reader('{"annotations":{"a":1}}').optionalMap("annotations")).toThrow();
  });

  it.each(["", "[]", "null", "{", '"text"'])("refuses %j as a whole", (text) => {
    expect(() => readRequest("the fixed text", () => reader(text))).toThrow(
      new RefusedRequest("the fixed text"),
    );
  });
});
