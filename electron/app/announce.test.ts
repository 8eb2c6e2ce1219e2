import { expect, it } from "vitest";
import { announce } from "./announce.ts";

const listening = {
  address: "http://127.0.0.1:7411/",
  tokenFile: "/home/ada/it's here/token",
  signInLink: () => "http://127.0.0.1:7411/#token=one-time",
};

function said(isTTY: boolean | undefined): string {
  let text = "";
  announce(listening, { isTTY, write: (more) => (text += more) });
  return text;
}

it("tells a terminal a link that signs in", () => {
  expect(said(true).split("\n")[0]).toBe("http://127.0.0.1:7411/#token=one-time");
});

it("tells everything else the address alone, and how a link is made", () => {
  for (const kept of [said(false), said(undefined)]) {
    expect(kept.split("\n")[0]).toBe("http://127.0.0.1:7411/");
    expect(kept).not.toContain("one-time");
    expect(kept).toContain(`"$(cat '/home/ada/it'\\''s here/token')"`);
    expect(kept).toContain("-H @- http://127.0.0.1:7411/api/console/sign-in-links");
  }
});
