import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "@playwright/test";
import type { ComponentRow } from "../shared/lattice/schema.ts";
import { dataDirectory, type RunningConsole, startConsole } from "./support/console.ts";
import { root } from "./support/paths.ts";
import { type PlaygroundProcess, startPlaygroundProcess } from "./support/playground.ts";
import { openScale } from "./support/screen.ts";

const connectionId = "shop";
const sizes = [
  { width: 1440, height: 900 },
  { width: 900, height: 700 },
];
const schemes = ["dark", "light"] as const;
const screens = [
  "overview",
  "hosts",
  "components",
  "components?by=host",
  "providers",
  "events",
  "activity",
  "connections",
];
/** So much of life is seen that rates have a course and lists have something in them. */
const lifeMs = 45_000;

/** Takes the README's pictures into docs/; with `--all DIR` every screen in each scheme and size into that folder. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: "string" } } });
  const data = dataDirectory();
  const playground = await startPlaygroundProcess(["--seed", "7"]);
  try {
    const console = await startConsole("chromium", { directory: data.directory, args: ["--no-playground"] });
    try {
      await follow(console, playground);
      await makeHistory(console, playground);
      await console.page.waitForTimeout(lifeMs);
      await (values.all === undefined ? forReadme(console.page) : forReview(console.page, values.all));
    } finally {
      await console.close();
    }
  } finally {
    await playground.stop();
    data.remove();
  }
}

async function follow(
  { call, page }: RunningConsole,
  { natsUrl, natsToken: token }: PlaygroundProcess,
): Promise<void> {
  const saved = await call("connections.save", {
    connectionId,
    profile: {
      name: "Shop EU",
      color: "#339af0",
      environment: "STAGE",
      guard: "open",
      openAtStart: true,
      system: "lattice",
      target: { addresses: [natsUrl], authentication: { method: "token" }, heartbeatSeconds: 30 },
    },
    secrets: { token },
  });
  if (!saved.ok) throw new Error(saved.failure.message);
  await call("connections.open", { connectionId });
  await show(page, "overview");
  await page
    .getByRole("region", { name: "Key figures" })
    .getByText(/[1-9] live/)
    .waitFor();
}

/** Commands with good and bad ends, as a list of activities has them. */
async function makeHistory({ call }: RunningConsole, playground: PlaygroundProcess): Promise<void> {
  const listed = await call("lattice.components.list", { connectionId });
  if (!listed.ok) throw new Error(listed.failure.message);
  const scale = async (row: ComponentRow | undefined, maxInstances: number, reason: string) => {
    if (!row) return;
    const { hostId, id: componentId } = row;
    await call("lattice.components.scale", { connectionId, hostId, componentId, maxInstances }, { reason });
  };
  const rows = listed.output.sort((a, b) => (a.hostName < b.hostName ? -1 : 1));
  const placesOf = (id: string) => rows.filter((row) => row.id === id);
  const [first, second] = placesOf("catalog");
  await scale(first, 80, "more visitors after the newsletter");
  await scale(second, 80, "more visitors after the newsletter");
  const [denied] = placesOf("payments");
  if (denied) {
    const fault = { kind: "policyDenial", reason: "change freeze until Monday", count: 1 };
    await playground.order({ do: "fault", host: denied.hostId, fault });
  }
  await scale(denied, 40, "payday");
  const [cart] = placesOf("cart");
  await scale(cart, 25, "back to the usual");
}

async function forReadme(page: Page): Promise<void> {
  const shot = (name: string) => page.screenshot({ path: join(root, "docs", `${name}.png`) });
  for (const screen of ["overview", "components", "activity"]) {
    await show(page, screen);
    await shot(screen);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await show(page, "components");
  const dialog = await openScale(page, "catalog");
  await dialog.getByRole("textbox", { name: "Instances on each host" }).fill("100");
  await dialog.getByRole("row").nth(1).waitFor();
  await page.waitForTimeout(1_000);
  await shot("scale");
}

async function forReview(page: Page, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const screen of screens) {
        await show(page, screen);
        const name = `${screen.replace("?", "-").replace("=", "-")}-${colorScheme}-${size.width}.png`;
        await page.screenshot({ path: join(folder, name) });
      }
    }
  }
}

/** Shows a screen and gives it time to fill. */
async function show(page: Page, screen: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/c/${connectionId}/default/${screen}`);
  // Beside the title, where nothing answers to a pointer.
  await page.mouse.move(620, 72);
  await page.waitForTimeout(1_200);
}

await main();
