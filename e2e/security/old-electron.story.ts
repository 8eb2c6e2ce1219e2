import { readFileSync } from "node:fs";
import { quietFluxProfile } from "../support/flux.ts";
import { ask } from "../support/lattice.ts";
import { connectionId, expect, test } from "../support/story.ts";

const words = /Electron \d+\S* gets no security fixes any more/;

/** The major version of Electron that this checkout is built for. */
const current = Number.parseInt(
  JSON.parse(readFileSync("package.json", "utf8")).devDependencies.electron,
  10,
);

test("a window on an old Electron says so as soon as a real system is connected, and on every page", async ({
  stage,
}) => {
  const started = await stage.open({
    args: [],
    environment: { SWITCHYARD_ELECTRON_FAILURE: "TypeError: fetch failed" },
  });
  const { page, call, application } = started;
  const versions = await application?.evaluate(() => process.versions.electron);
  const old = Number.parseInt(versions ?? `${current}`, 10) < current;
  const banner = page.getByRole("status").filter({ hasText: words });

  // The playground alone: every system of it is open, and there is nothing to warn of.
  await expect
    .poll(
      async () =>
        (await ask(started, "connections.list", {})).filter(({ status }) => status.state === "open").length,
      {
        timeout: 60_000,
      },
    )
    .toBe(4);
  await expect(page.getByText("changes here affect nothing real")).toBeVisible();
  await expect(banner).toHaveCount(0);
  const info = await ask(started, "console.info", {});
  expect(info.oldElectron).toEqual(
    old
      ? { version: versions, builtFor: expect.stringMatching(/^\d+\./), failure: "TypeError: fetch failed" }
      : undefined,
  );

  await call("connections.save", { connectionId, profile: quietFluxProfile });
  if (!old) {
    await page.evaluate(() => {
      location.hash = "#/connections";
    });
    await expect(page.getByRole("listitem").filter({ hasText: quietFluxProfile.name })).toBeVisible();
    await expect(banner).toHaveCount(0);
    return;
  }
  await expect(banner).toContainText(quietFluxProfile.name);
  await expect(banner).toContainText("npm run serve");
  await expect(banner).toContainText("TypeError: fetch failed");
  await expect(banner.getByRole("button")).toHaveCount(0);
  for (const place of ["/connections", "/activity", "/c/playground/default/hosts"]) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#${place}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(banner).toBeVisible();
  }

  await call("connections.remove", { connectionId });
  await expect(banner).toHaveCount(0);
});
