import { expect, it } from "vitest";
import { chosenOf, platformOf, shellsOn } from "./shells.ts";

it("begins with the shell of the machine that is pasted on", () => {
  const first = (platform: string, browser = "") =>
    chosenOf(shellsOn(platformOf(platform, browser)), undefined).name;
  expect(first("win32")).toBe("windows-powershell");
  expect(first("linux")).toBe("posix");
  expect(first("darwin")).toBe("posix");
  expect(first("browser", "Win32")).toBe("windows-powershell");
  expect(first("browser", "MacIntel")).toBe("posix");
});

it("keeps to a choice, unless the machine has no such shell", () => {
  const windows = shellsOn("windows");
  for (const name of windows.keys()) expect(chosenOf(windows, name).name).toBe(name);
  expect(chosenOf(shellsOn("other"), "cmd").name).toBe("posix");
  expect(chosenOf(shellsOn("other"), "powershell").name).toBe("powershell");
});
