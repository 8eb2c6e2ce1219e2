import fc from "fast-check";
import { expect, test } from "vitest";
import { ReplyBounds } from "./reply-bounds.ts";

const good = [
  "+PONG\r\n",
  "-ERR Function not found\r\n",
  ":-12\r\n",
  "$-1\r\n",
  "$0\r\n\r\n",
  "$4\r\na\r\nb\r\n",
  "*0\r\n",
  "*-1\r\n",
  "*3\r\n:1\r\n$2\r\nOK\r\n*2\r\n$-1\r\n*0\r\n",
].join("");

test("replies of Valkey pass, however they are cut into pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(good.length), { maxLength: 12 }), (places) => {
      const bounds = new ReplyBounds();
      const cuts = [0, ...places.sort((left, right) => left - right), good.length];
      for (const [index, cut] of cuts.slice(1).entries())
        bounds.take(Buffer.from(good.slice(cuts[index], cut)));
      expect(() => bounds.take(Buffer.from("?\r\n"))).toThrow("Protocol error");
    }),
    { seed: 20_261_129 },
  );
});

test.each([
  ["a list of more than it could hold", "*4294967296\r\n"],
  ["a list whose length is none", "*-2\r\n"],
  ["a list without end", "*9999999\r\n"],
  ["lists in lists", "*1\r\n".repeat(20_000)],
  ["a text longer than is ever read", "$99999999999\r\n"],
  ["a length that is no number", "$x\r\n"],
  ["a number with other characters", ":1e3\r\n"],
  ["a kind of a newer protocol", "%1\r\n+a\r\n+b\r\n"],
  ["another protocol", "HTTP/1.1 400 Bad Request\r\n\r\n"],
  ["a line that ends otherwise", "+OK\n"],
  ["a line without end", `+${"x".repeat(100_000)}`],
])("%s ends the reading", (_what, text) => {
  expect(() => new ReplyBounds().take(Buffer.from(text))).toThrow("Protocol error");
});

test("a reply may have as many bytes as are read of one, and the next one as many again", () => {
  const piece = Buffer.alloc(1024 * 1024, "x");
  const send = (bounds: ReplyBounds, pieces: number): void => {
    bounds.take(Buffer.from(`$${piece.length * pieces}\r\n`));
    for (let left = pieces; left > 0; left -= 1) bounds.take(piece);
    bounds.take(Buffer.from("\r\n"));
  };
  const bounds = new ReplyBounds();
  send(bounds, 20);
  send(bounds, 20);
  expect(() => send(bounds, 40)).toThrow("the reply is too large");
});
