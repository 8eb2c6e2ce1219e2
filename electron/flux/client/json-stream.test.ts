import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonStream } from "./json-stream.ts";

const manyBytes = 1_000_000;

describe("a stream of JSON objects", () => {
  it("gives the same objects however the bytes are cut", () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(objects, cuts, fc.constantFrom("\n", "", "  \r\n"), (sent, sizes, between) => {
        const bytes = Buffer.from(sent.map((object) => JSON.stringify(object)).join(between));
        const stream = new JsonStream(manyBytes);
        const got: unknown[] = [];
        for (let at = 0, index = 0; at < bytes.length; index++) {
          const size = sizes[index % sizes.length] as number;
          got.push(...stream.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(got.map((text) => JSON.parse(text as string))).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
    );
  });

  it.each(["null", "[1]", "}", '"text"', "\u0000{}", "1"])("refuses %s between objects", (text) => {
    expect(() => new JsonStream(manyBytes).push(Buffer.from(text))).toThrow(/not JSON/);
  });

  it("refuses an object that never ends", () => {
    const stream = new JsonStream(100);
    stream.push(Buffer.from('{"a":"'));
    expect(() => stream.push(Buffer.alloc(101, "x"))).toThrow(/longer than allowed/);
  });

  it("refuses an object that never ends, and one that is too long, also in many pieces", () => {
    const stream = new JsonStream(100);
    for (const byte of `{"a":"${"x".repeat(94)}`) stream.push(Buffer.from(byte));
    expect(() => stream.push(Buffer.from('"}'))).toThrow(/longer than allowed/);
  });

  it("tells once of an object that is too long, passes its rest over, and finds those behind it", () => {
    const bytes = Buffer.from(`{"id":7,"a":"${'}\\"'.repeat(100)}"} {"id":8}`);
    for (const size of [1, 7, 100, bytes.length]) {
      const stream = new JsonStream(100, 1_000);
      const found = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...stream.push(bytes.subarray(at, at + size)));
      expect(found).toEqual([{ head: expect.stringMatching(/^\{"id":7,"a":"/) }, '{"id":8}']);
    }
  });

  it("refuses an object of which too much would be passed over", () => {
    const stream = new JsonStream(100, 1_000);
    expect(stream.push(Buffer.from(`{"id":7,"a":"${"x".repeat(900)}`))).toHaveLength(1);
    expect(() => stream.push(Buffer.alloc(100, "x"))).toThrow(/longer than allowed/);
  });

  it("keeps nothing of the blanks between objects", () => {
    const stream = new JsonStream(100);
    for (let count = 0; count < 200; count++) expect(stream.push(Buffer.from("\n  "))).toEqual([]);
    expect(stream.push(Buffer.from('{"a":1}'))).toEqual(['{"a":1}']);
  });

  it("takes an object in single bytes with work in proportion to its length", () => {
    // Were the whole object looked at for each byte, this would take many minutes.
    const bytes = Buffer.from(`{"a":"${"x".repeat(2_000_000)}"}`);
    const stream = new JsonStream(bytes.length);
    const found: unknown[] = [];
    for (let at = 0; at < bytes.length; at++) found.push(...stream.push(bytes.subarray(at, at + 1)));
    expect(found).toEqual([bytes.toString()]);
  }, 120_000);

  it("takes empty pieces", () => {
    const stream = new JsonStream(manyBytes);
    expect(stream.push(Buffer.alloc(0))).toEqual([]);
    expect(stream.push(Buffer.from("{}"))).toEqual(["{}"]);
  });
});
