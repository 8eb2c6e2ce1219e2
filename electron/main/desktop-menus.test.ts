import { expect, it } from "vitest";
import { menus } from "./desktop-menus.ts";

it.each(["linux", "darwin", "win32"] as const)(
  "no menu of a package leads to Electron's tools (%s)",
  (platform) => {
    expect(JSON.stringify(menus(platform, true))).not.toMatch(/devtools|viewMenu|help/i);
    expect(JSON.stringify(menus(platform, false))).toContain("toggleDevTools");
  },
);
