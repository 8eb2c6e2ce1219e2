import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { contentSecurityPolicy, isOurPage, pageFile } from "./page-files.ts";

const folder = join("/opt", "switchyard", "renderer");
const origin = "app://switchyard";

it.each([
  ["app://switchyard", "index.html"],
  ["app://switchyard/", "index.html"],
  ["app://switchyard/index.html#/c/a/default/hosts", "index.html"],
  ["app://switchyard/assets/page%201.js?v=2", "assets/page 1.js"],
])("%s is a file of the page", (address, file) => {
  expect(pageFile(folder, address, origin)).toBe(join(folder, file));
});

it.each([
  "app://elsewhere/index.html",
  "app://switchyard:99/index.html",
  "https://switchyard/index.html",
  "app://switchyard/..%2fmain.cjs",
  "app://switchyard/%2e%2e/%2e%2e/etc/passwd/..%2f..%2f..%2f..%2fpasswd",
  "app://switchyard/assets/..%2f..%2fmain.cjs",
  "app://switchyard/%00index.html",
  "app://switchyard/%E0%A4%A",
  "app://switchyard/..%2frenderer-other/index.html",
])("%s is none", (address) => {
  expect(pageFile(folder, address, origin)).toBeUndefined();
});

it("nothing outside of the folder has an address", () => {
  const step = fc.constantFrom("..", "%2e%2e", "..%2f", "%2f", "%5c..", "assets", "", ".", "%252e%252e%252f");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const file = pageFile(folder, `${origin}/${steps.join("/")}`, origin);
      expect(file === undefined || file.startsWith(`${folder}/`)).toBe(true);
    }),
  );
});

it.each([
  "app://switchyard/",
  "app://switchyard/index.html",
  "app://switchyard/index.html?v=1#/c/a/default/hosts",
])("%s is the page of the window", (address) => {
  expect(isOurPage(address)).toBe(true);
});

it.each([
  "",
  "about:blank",
  "about:srcdoc",
  "data:text/html,x",
  "blob:app://switchyard/5f1c",
  "file:///etc/passwd",
  "https://switchyard/index.html",
  "app://switchyard.example/index.html",
  "app://switchyard:1/index.html",
  "app://user@switchyard/index.html",
  "app://switchyard/assets/index.js",
  "app://switchyard/nothing",
  "javascript:alert(1)",
])("%j is not", (address) => {
  expect(isOurPage(address)).toBe(false);
});

it("a page runs scripts of its own files only, and can be framed by nobody", () => {
  expect(contentSecurityPolicy).toMatch(/default-src 'none'/);
  expect(contentSecurityPolicy).toMatch(/script-src 'self';/);
  expect(contentSecurityPolicy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
  expect(contentSecurityPolicy).toMatch(/require-trusted-types-for 'script'; trusted-types default;/);
  for (const directive of ["base-uri", "form-action", "frame-ancestors"])
    expect(contentSecurityPolicy).toContain(`${directive} 'none'`);
});
