import { describe, expect, it } from "vitest";
import { cleanExport } from "./export-yaml.ts";

function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  uid: 7f3a
  annotations:
    deployment.kubernetes.io/revision: "3"
    example.com/kept: "yes"
spec:
  template:
    metadata:
      creationTimestamp: null
      labels: {app: ${name}}
status: {replicas: 3}
`;
}

describe("an export", () => {
  it("has what belongs into a repository, resource by resource", async () => {
    const text = `---\n${deployment("a")}---\n${deployment("b")}--- # the last\n${deployment("c")}...\n`;
    const cleaned = await cleanExport(text);
    expect(cleaned.split("---\n")).toHaveLength(3);
    expect(cleaned).not.toMatch(/status|uid|revision|creationTimestamp/);
    expect(cleaned.match(/name: \w/g)).toEqual(["name: a", "name: b", "name: c"]);
    expect(cleaned).toContain("example.com/kept");
  });

  it.each([
    ["%YAML 1.2\n---\nkind: Pod\n", "kind: Pod\n"],
    [
      "kind: Pod\nspec:\n  text: |\n    --- no document\n    ---\n",
      "kind: Pod\nspec:\n  text: |\n    --- no document\n    ---\n",
    ],
    ["", ""],
    ["---\n---\n", ""],
  ])("%j", async (text, cleaned) => {
    expect(await cleanExport(text)).toBe(cleaned);
  });

  it.each([
    ["a: [", /./],
    ["a: &x [1]\nb: *x\n", /alias/],
    [`a: ${"x".repeat(600_000)}`, /512 KiB/],
    [`${"[".repeat(5_000)}${"]".repeat(5_000)}`, /./],
  ])("%.30j is refused", async (text, reason) => {
    await expect(cleanExport(text)).rejects.toThrow(reason);
  });

  it("with very many keys takes no time that grows with their square", async () => {
    const keys = Array.from({ length: 25_000 }, (_, index) => `  k${index}: v\n`).join("");
    expect(await cleanExport(`spec:\n${keys}`)).toContain("k24999: v");
  }, 60_000);

  it("lets others work while it is read", async () => {
    let turns = 0;
    const count = (): void => {
      turns++;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    const text = Array.from({ length: 300 }, (_, index) => `---\n${deployment(`d${index}`)}`).join("");
    expect((await cleanExport(text)).split("---\n")).toHaveLength(300);
    clearImmediate(next);
    expect(turns).toBeGreaterThan(5);
  });
});
