import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operations } from "../../../shared/catalogue.ts";
import type { LinkRow } from "../../../shared/lattice/schema.ts";
import { linkErrors, linkFormOf, linkInputOf } from "./link-form.ts";

const place = { connectionId: "prod", lattice: "default" };
const link: LinkRow = {
  sourceId: "cart",
  target: "keyvalue-redis",
  witNamespace: "wasi",
  witPackage: "keyvalue",
  interfaces: ["store"],
  name: "default",
  sourceConfig: [],
  targetConfig: ["redis-cluster"],
};

describe("the form of a link", () => {
  const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);

  it("gives back the very link that it was made of", () => {
    const links = fc.record({
      sourceId: id,
      target: id,
      witNamespace: word,
      witPackage: word,
      interfaces: fc.array(word),
      name: word,
      sourceConfig: fc.array(id),
      targetConfig: fc.array(id),
    });
    fc.assert(
      fc.property(links, (one) => {
        const form = linkFormOf(one);
        expect(linkErrors(form)).toEqual({});
        expect(linkInputOf(place, form)).toEqual({ ...place, ...one });
      }),
    );
  });

  it("never lets through what the operation refuses", () => {
    const text = fc.oneof(word, fc.string());
    const forms = fc.record({
      sourceId: text,
      target: text,
      wit: fc.oneof(fc.constant("wasi:http"), text),
      interfaces: fc.array(text),
      name: text,
      sourceConfig: fc.array(text),
      targetConfig: fc.array(text),
    });
    fc.assert(
      fc.property(forms, (form) => {
        const fits = operations["lattice.links.put"].input.safeParse(linkInputOf(place, form)).success;
        if (Object.keys(linkErrors(form)).length === 0) expect(fits).toBe(true);
      }),
    );
  });

  it.each([
    [{ sourceId: "" }, "sourceId", /letters, digits/],
    [{ target: "a.b" }, "target", /no spaces, dots/],
    [{ wit: "wasi" }, "wit", /namespace:package/],
    [{ wit: "wasi:http/incoming-handler" }, "wit", /field of their own/],
    [{ wit: "wasi:http@0.2.0" }, "wit", /without a version/],
    [{ wit: ":http" }, "wit", /namespace:package/],
    [{ name: " " }, "name", /empty/],
    [{ targetConfig: ["a.b"] }, "targetConfig", /no dots/],
  ])("with %j says what is wrong at %s", (wrong, field, message) => {
    const errors = linkErrors({ ...linkFormOf(link), ...wrong });
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]).toMatch(message);
  });
});
