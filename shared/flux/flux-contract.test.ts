import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fluxWorkloadIdSchema, parseWorkloadId } from "./ids.ts";
import {
  canonicalImageName,
  imageTag,
  parseImageReference,
  releasableImageSchema,
  sameImage,
} from "./image-reference.ts";
import { normalPattern, policiesAfter, policyChangesSchema, wireChanges } from "./policies.ts";
import { authorProblem } from "./release.ts";

describe("ids of workloads", () => {
  it.each([
    ["shop:deployment/checkout", "shop", "deployment", "checkout"],
    ["shop:Deployment/Web", "shop", "deployment", "Web"],
    ["<cluster>:namespace/shop", "<cluster>", "namespace", "shop"],
    ["shop:helmrelease/a.b:c-d_e", "shop", "helmrelease", "a.b:c-d_e"],
    ["shop/checkout", "shop", "service", "checkout"],
  ])("%s is read", (id, namespace, kind, name) => {
    expect(parseWorkloadId(id)).toEqual({ namespace, kind, name });
  });

  it("are compared with their kinds in lower case", () => {
    expect(fluxWorkloadIdSchema.parse("Shop:Deployment/Web")).toBe("Shop:deployment/Web");
    expect(fluxWorkloadIdSchema.parse("shop/Web")).toBe("shop/Web");
  });

  it.each(["", "junk", "a:b", "a:b/", "a b:c/d", "a/b/c", "a/b.c"])("%j is none", (id) => {
    expect(fluxWorkloadIdSchema.safeParse(id).success).toBe(false);
  });
});

describe("image references", () => {
  it.each([
    ["web", "", "web", "", ""],
    ["shop/web:1", "", "shop/web", "1", ""],
    ["reg.example.com/web:1", "reg.example.com", "web", "1", ""],
    ["localhost/web:1", "localhost", "web", "1", ""],
    ["reg:5000/a/web:1", "reg:5000", "a/web", "1", ""],
    ["reg:5000/web", "", "reg", "5000/web", ""],
    ["a:1@sha256:abc", "", "a", "", "abc"],
  ])("%s is read as Flux reads it", (text, domain, path, tag, digest) => {
    expect(parseImageReference(text)).toEqual({ domain, path, tag, digest });
  });

  it.each(["", "/x", "x/", "reg:5000/web:1"])("%j is refused as Flux refuses it", (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  it("are the same whatever spelling of Docker Hub they have", () => {
    expect(sameImage("web:1", "docker.io/library/web:1")).toBe(true);
    expect(sameImage("shop/web:1", "index.docker.io/shop/web:1")).toBe(true);
    expect(sameImage("shop/web:1", "quay.io/shop/web:1")).toBe(false);
    expect(sameImage("web:1", "web:2")).toBe(false);
    expect(canonicalImageName("web:1")).toBe("index.docker.io/library/web");
  });

  it("have a tag before they are released", () => {
    expect(releasableImageSchema.safeParse("web").error?.issues[0]?.message).toMatch(/^blank tag/);
    expect(releasableImageSchema.safeParse("<all latest>").success).toBe(true);
    expect(imageTag(":nightly")).toBe("nightly");
  });

  it("are read with work in proportion to their length", () => {
    const long = "a-".repeat(1_000_000);
    expect(parseImageReference(`${long}/web:1`)).toMatchObject({ domain: "", tag: "1" });
    expect(parseImageReference(`${long}.b/web:1`)).toMatchObject({ domain: `${long}.b`, path: "web" });
    expect(parseWorkloadId(`${long}:${long}/${long} `)).toBeUndefined();
  }, 60_000);

  it("are never read with an exception", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseImageReference(text)));
  });
});

describe("an author", () => {
  it.each(["", "Ines Okafor <ines@example.com>", "Zoë Müller <zoe@example.com>", "Zoë <z@e>", "日本 <j@e>"])(
    "%j is taken",
    (user) => expect(authorProblem(user)).toBeUndefined(),
  );

  it.each([
    "ops",
    "mül",
    "grafana-bot",
    "ops@example.com",
    "<ops@example.com>",
    ". <a@b>",
    "A <b",
    "A <b c>",
    "A\nB <c@d>",
  ])("%j is not: git would look for somebody", (user) => expect(authorProblem(user)).toMatch(/Name <email>/));

  it("is judged with work in proportion to the length of the text", () => {
    // Were every letter tried as the one that a name needs, this would take an hour.
    for (const text of ["x".repeat(1_000_000), `${"x ".repeat(500_000)}<`])
      expect(authorProblem(text)).toMatch(/Name <email>/);
  });
});

describe("policies", () => {
  it("become what fluxctl sends", () => {
    const changes = policyChangesSchema.parse({
      locked: true,
      lockMessage: "audit",
      tags: { web: "1.*", db: "*" },
    });
    expect(wireChanges(changes, "Ines")).toEqual({
      add: { locked: "true", locked_user: "Ines", locked_msg: "audit", "tag.web": "glob:1.*" },
      remove: { "tag.db": "true" },
    });
    expect(wireChanges({ locked: false }, "Ines").remove).toEqual({
      locked: "true",
      locked_msg: "true",
      locked_user: "true",
    });
    expect(wireChanges({ locked: true }, "").add).toEqual({ locked: "true" });
    const reason = { locked: true, lockMessage: "audit" };
    expect(wireChanges(reason, "").add).toEqual({ locked: "true", locked_msg: "audit" });
  });

  it("have patterns with their prefix written out", () => {
    expect(normalPattern("1.*")).toBe("glob:1.*");
    expect(normalPattern("regex:^v")).toBe("regexp:^v");
    expect(normalPattern("semver:~1")).toBe("semver:~1");
    for (const pattern of ["semver:", "semver:{}", "regexp:", "glob:"]) {
      expect(policyChangesSchema.safeParse({ tagAll: pattern }).success).toBe(false);
    }
  });

  it("reach every container with tag_all, and * takes the filters away", () => {
    const now = { "tag.web": "glob:1.*", automated: "true" };
    expect(policiesAfter(now, { add: { tag_all: "semver:~2" }, remove: {} }, ["web", "db"])).toEqual({
      automated: "true",
      "tag.web": "semver:~2",
      "tag.db": "semver:~2",
    });
    expect(policiesAfter(now, { add: { tag_all: "glob:*" }, remove: {} }, ["web"])).toEqual({
      automated: "true",
    });
  });

  it("after a change and the same change again are the same", () => {
    const names = fc.constantFrom("automated", "locked", "tag.web", "tag_all", "ignore");
    const set = fc.dictionary(names, fc.constantFrom("true", "glob:*", "semver:~1"));
    fc.assert(
      fc.property(set, set, set, (now, add, remove) => {
        const once = policiesAfter(now, { add, remove }, ["web"]);
        expect(policiesAfter(once, { add, remove }, ["web"])).toEqual(once);
      }),
    );
  });
});
