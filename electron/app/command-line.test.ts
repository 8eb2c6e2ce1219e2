import { describe, expect, it } from "vitest";
import { readDesktopOptions, readHeadlessOptions } from "./command-line.ts";

describe("--image-wait", () => {
  it("is seconds on the command line of both consoles, and the usual time without it", () => {
    expect(readHeadlessOptions(["--image-wait", "90"]).imageWaitMs).toBe(90_000);
    expect(readDesktopOptions(["switchyard", "--image-wait", "0.5"]).imageWaitMs).toBe(500);
    expect(readHeadlessOptions([]).imageWaitMs).toBeUndefined();
  });

  it.each(["0", "-1", "soon", "1e9", ""])("does not take %j", (text) => {
    expect(() => readHeadlessOptions([`--image-wait=${text}`])).toThrow(
      /--image-wait is a number of seconds/,
    );
  });
});

describe("--guard", () => {
  it("names saved connections and their new guards", () => {
    const { guards } = readHeadlessOptions(["--guard", "shop=confirm", "--guard", "lab=read-only"]);
    expect([...guards]).toEqual([
      ["shop", "confirm"],
      ["lab", "read-only"],
    ]);
  });

  it.each(["shop", "shop=", "=open", "shop=none"])("does not take %j", (text) => {
    expect(() => readHeadlessOptions([`--guard=${text}`])).toThrow(/--guard is CONNECTION=GUARD/);
  });
});

describe("what the console may reach", () => {
  it("is widened by both consoles' own word only", () => {
    expect(readHeadlessOptions([])).toMatchObject({ allowLinkLocal: false, filesDirectory: undefined });
    expect(readHeadlessOptions(["--allow-link-local", "--files", "/certificates"])).toMatchObject({
      allowLinkLocal: true,
      filesDirectory: "/certificates",
    });
    expect(readDesktopOptions(["switchyard"]).allowLinkLocal).toBe(false);
    expect(readDesktopOptions(["switchyard", "--allow-link-local"]).allowLinkLocal).toBe(true);
  });
});
