import { describe, expect, it } from "vitest";
import { refusedSwitch } from "./switches.ts";

const operator = { platform: "linux", isRoot: false } as const;
const refused = (...args: string[]) => refusedSwitch(["/opt/Switchyard/switchyard", ...args], operator);

describe("a packaged application does not start with", () => {
  it.each([
    "--remote-debugging-port=9222",
    "--remote-debugging-port",
    "--remote-debugging-pipe",
    "-remote-debugging-port=9222",
    " --remote-debugging-port=9222",
    "\t-remote-debugging-pipe ",
    "--inspect",
    "--inspect-brk=0",
    "--js-flags=--allow-natives-syntax",
    "--disable-web-security",
    "--allow-file-access-from-files",
    "--load-extension=/tmp/x",
    "--renderer-cmd-prefix=sh -c",
    "--gpu-launcher=sh",
    "--enable-features=AnyFeature",
    "--disable-features=IsolateOrigins",
    "--single-process",
    "--host-resolver-rules=",
    "--no-sandbox",
    "--made-up-tomorrow",
  ])("%j", (argument) => {
    expect(refused("--data", "/tmp/d", argument)).toBe(argument.trim());
  });
});

it("its own options, those of the screen, and what is no switch are taken", () => {
  expect(refused()).toBeUndefined();
  expect(refused("--data", "/d", "--http-port=7411", "--no-playground", "--smoke")).toBeUndefined();
  expect(
    refused("--image-wait", "90", "--ozone-platform=wayland", "--password-store=kwallet6"),
  ).toBeUndefined();
  expect(refused("/some/file", "-", "--", "--inspect")).toBeUndefined();
});

it("the sandbox may be off for root on Linux alone, where Electron would not start with it", () => {
  const args = ["switchyard", "--no-sandbox"];
  expect(refusedSwitch(args, { platform: "linux", isRoot: true })).toBeUndefined();
  expect(refusedSwitch(args, { platform: "darwin", isRoot: true })).toBe("--no-sandbox");
});

it("Windows has one more way to write a switch, in any case", () => {
  const place = { platform: "win32", isRoot: false } as const;
  expect(refusedSwitch(["s.exe", "/Remote-Debugging-Port=1"], place)).toBe("/Remote-Debugging-Port=1");
  expect(refusedSwitch(["s.exe", "--DATA=d", "/smoke"], place)).toBeUndefined();
});

it("macOS adds arguments of its own", () => {
  const place = { platform: "darwin", isRoot: false } as const;
  expect(refusedSwitch(["s", "-psn_0_12345", "-AppleLanguages", "(de)"], place)).toBeUndefined();
  expect(refusedSwitch(["s", "-inspect"], place)).toBe("-inspect");
});
