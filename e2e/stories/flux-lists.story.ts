import type { Page } from "@playwright/test";
import { fluxConnectionId, followFlux, goToFlux } from "../support/flux.ts";
import type { PlaygroundProcess } from "../support/playground.ts";
import { cell, drawer, firstRow, table, tableRow } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

const flux = ["--hosts", "0", "--systems", "flux"];

/** Posts events in the name of a daemon, as daemons do (flux-rpc §1.10). */
async function tell(playground: PlaygroundProcess, daemon: string, events: readonly object[]): Promise<void> {
  const { port, daemons } = playground.systems.flux as {
    port: number;
    daemons: { id: string; token: string }[];
  };
  const token = daemons.find(({ id }) => id === daemon)?.token;
  for (const event of events) {
    const answer = await fetch(`http://127.0.0.1:${port}/v6/events`, {
      method: "POST",
      headers: { authorization: `Scope-Probe token=${token}` },
      body: JSON.stringify(event),
    });
    expect(answer.status).toBe(204);
  }
}

function syncEvent(number: number): object {
  const revision = number.toString(16).padStart(40, "0");
  return {
    id: 0,
    serviceIDs: ["shop:deployment/checkout"],
    type: "sync",
    startedAt: "2031-02-03T04:06:00Z",
    endedAt: "2031-02-03T04:06:00Z",
    logLevel: "info",
    metadata: { commits: [{ revision, message: `Change number ${number}\n\nLonger words` }] },
  };
}

/** Opens the palette, and what it finds for these words. */
async function find(page: Page, words: string, line: RegExp): Promise<void> {
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search or run a command" });
  await expect(palette.getByPlaceholder("Search or run a command…")).toBeFocused();
  await page.keyboard.type(words);
  await palette.getByRole("option", { name: line }).click();
}

test("the palette finds daemons and workloads, by name or by image", async ({ stage }) => {
  const playground = await stage.playground(flux);
  const { page } = await followFlux(stage, playground);
  await expect.poll(() => cell(tableRow(page, "daemons", "payments"), "Sync")).toContain("all applied");
  await find(page, "payments", /^payments/);
  await expect(drawer(page, "payments")).toContainText("ssh://git@git.example.com/payments/config");
  await find(page, "shop/catalogue", /shop:deployment at shop/);
  await expect(drawer(page, "catalogue")).toContainText("shop:deployment/catalogue");
});

test("what daemons told is read back page by page, commit by commit", async ({ stage }) => {
  const playground = await stage.playground(flux);
  const { page } = await followFlux(stage, playground);
  await expect.poll(() => cell(tableRow(page, "daemons", "shop"), "Status")).toContain("connected");
  await tell(
    playground,
    "shop",
    Array.from({ length: 560 }, (_, at) => syncEvent(at)),
  );
  await goToFlux(page, "syncs");
  await expect(page.getByText(/\d+ events read/)).toBeVisible();
  await page.getByRole("button", { name: "Read older ones" }).click();
  await expect(page.getByRole("button", { name: "Read older ones" })).toHaveCount(0);
  // The first of them all is there now, with its commit's message.
  await page.getByRole("searchbox", { name: "Filter events" }).fill(`revision:~${"0".repeat(40)}`);
  await expect(table(page, "events")).toHaveAttribute("aria-rowcount", "2");
  await firstRow(page, "events").click();
  await expect(page.getByRole("complementary")).toContainText("Change number 0");
});

test("the tags of an image are read when it is looked at, and one of them is released from there", async ({
  stage,
}) => {
  const playground = await stage.playground(flux);
  const { page } = await followFlux(stage, playground);
  await goToFlux(page, "images");
  await page.getByRole("searchbox", { name: "Filter images" }).fill("basket");
  await expect(table(page, "images")).toHaveAttribute("aria-rowcount", "2");
  await firstRow(page, "images").click();
  const images = drawer(page, "web");
  await images.getByRole("button", { name: "Release registry.example.com/shop/basket:2.4.1" }).click();
  const dialog = page.getByRole("dialog", { name: "Release images" });
  await expect(dialog.getByRole("textbox", { name: "Image" })).toHaveValue(
    "registry.example.com/shop/basket:2.4.1",
  );
});

test("the workloads of a daemon that is gone are missed, and what it told before is called old", async ({
  stage,
}) => {
  const playground = await stage.playground(flux);
  const { page, call } = await followFlux(stage, playground);
  await expect.poll(() => cell(tableRow(page, "daemons", "edge"), "Sync")).toContain("all applied");
  await playground.order({ do: "system", system: "flux", order: { do: "stop", daemon: "edge" } });
  await expect.poll(() => cell(tableRow(page, "daemons", "edge"), "Status")).toContain("disconnected");
  expect(await cell(tableRow(page, "daemons", "edge"), "Sync")).toBe("was all applied");
  await goToFlux(page, "workloads");
  await expect(page.getByText("1 of 10 daemons did not answer")).toBeVisible();
  await expect(page.getByText("edge (it is not connected)")).toBeVisible();

  // Closed, there is nothing to know: neither that there are none, nor how many.
  await call("connections.close", { connectionId: fluxConnectionId });
  await goToFlux(page, "repositories");
  await expect(page.getByText("Not read: the connection is closed")).toBeVisible();
  await expect(page.getByText("0 repositories")).toHaveCount(0);
});
