import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operations } from "../../../shared/catalogue.ts";
import { emptyRegistry, type Registry, registryErrors, registryInputOf, signIns } from "./registry-form.ts";

const place = { connectionId: "prod", lattice: "default" };
const good: Registry = { ...emptyRegistry(), host: "ghcr.io", username: "robot", password: "s3cret" };
const formOf = (...registries: Registry[]) => ({ registries, collect: false });

describe("the form of registries", () => {
  it("sends of each registry what its way to sign in needs, and nothing that was written for another way", () => {
    const token = { ...good, host: "token.test", signIn: "token" as const, token: "t" };
    const anonymous = { ...good, host: "open.test", signIn: "anonymous" as const };
    expect(registryInputOf(place, formOf(good, token, anonymous)).registries).toEqual({
      "ghcr.io": { username: "robot", password: "s3cret", registryType: "oci" },
      "token.test": { token: "t", registryType: "oci" },
      "open.test": { registryType: "oci" },
    });
  });

  it.each([
    [{ host: "" }, "host"],
    [{ host: "https://ghcr.io" }, "host"],
    [{ host: "ghcr.io/team" }, "host"],
    [{ host: "ghcr .io" }, "host"],
    [{ username: "" }, "username"],
    [{ password: "" }, "password"],
    [{ signIn: "token" as const }, "token"],
  ])("with %j says what is wrong at %s", (wrong, field) => {
    expect(Object.keys(registryErrors(formOf({ ...good, ...wrong })))).toEqual([`registries.0.${field}`]);
  });

  it("wants each registry once, and at least one", () => {
    expect(Object.keys(registryErrors(formOf(good, good)))).toEqual(["registries.1.host"]);
    expect(registryErrors(formOf())).toHaveProperty("registries");
  });

  it("never lets through what the operation refuses, nor says in a message what was written", () => {
    const text = fc.oneof(fc.constant(""), fc.constant("hunter2-hunter2"));
    const registry = fc.record({
      id: fc.uuid(),
      host: fc.oneof(fc.constant("ghcr.io"), fc.string()),
      signIn: fc.constantFrom(...signIns),
      username: text,
      password: text,
      token: text,
    });
    const { input } = operations["lattice.registries.put"];
    fc.assert(
      fc.property(fc.array(registry, { maxLength: 3 }), (registries) => {
        const form = formOf(...registries);
        const errors = registryErrors(form);
        const isGood = Object.keys(errors).length === 0;
        expect(!isGood || input.safeParse(registryInputOf(place, form)).success).toBe(true);
        expect(JSON.stringify(errors)).not.toContain("hunter2");
      }),
    );
  });
});
