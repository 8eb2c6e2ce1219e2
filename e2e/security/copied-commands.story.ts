import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningConsole } from "../support/console.ts";
import { type PlaygroundProcess, publishEvent } from "../support/playground.ts";
import { drawer, tableRow } from "../support/screen.ts";
import { expect, test } from "../support/story.ts";

const attack = `'"; touch pwned; $(touch pwned)\`touch pwned\`|touch pwned # \\'; touch pwned`;
const component = { max_instances: 2, claims: {} };

test("a copied command runs nothing of what an event called a component", async ({ stage }) => {
  const { started, playground } = await followed(stage);
  const { page } = started;
  await publishEvent(playground, {
    type: "component_scaled",
    id: "6f0c1c2e-0000-4000-8000-000000000001",
    data: {
      ...component,
      component_id: `--context=${attack}`,
      image_ref: `x/cart:1${attack}`,
      annotations: { [attack]: attack },
    },
  });
  await tableRow(page, "components", `--context=${attack}`).click();
  const menu = drawer(page, `--context=${attack}`).getByRole("button", { name: "Copy as", exact: true });
  for (const tool of ["wash", "nats", "curl"]) {
    await expect(menu).toBeVisible();
    await menu.click();
    await page.getByRole("menuitem", { name: tool, exact: true }).click();
    let text = "";
    await expect.poll(async () => (text = await clipboardOf(started))).toContain(`${tool} `);
    const { calls, strays } = pasted(text);
    expect(strays).toEqual([]);
    expect(calls.map(([name]) => name)).toEqual([tool]);
    const words = calls.flat();
    if (tool === "wash") {
      expect(words.slice(words.indexOf("--")).slice(2)).toEqual([`x/cart:1${attack}`, `--context=${attack}`]);
    }
    if (tool === "nats")
      expect(JSON.parse(words.at(-1) ?? "")).toMatchObject({ annotations: { [attack]: attack } });
  }
});

test("a command with control characters is refused, and the clipboard keeps what it had", async ({
  stage,
}) => {
  const { started, playground } = await followed(stage);
  const { page } = started;
  await publishEvent(playground, {
    type: "component_scaled",
    id: "6f0c1c2e-0000-4000-8000-000000000002",
    data: {
      ...component,
      component_id: "eraser",
      image_ref: `x/cart:1${"\x7f".repeat(300)}touch pwned\n`,
      annotations: {},
    },
  });
  await tableRow(page, "components", "eraser").click();
  const shown = drawer(page, "eraser");
  await shown.getByRole("button", { name: "Copy as", exact: true }).click();
  await page.getByRole("menuitem", { name: "wash", exact: true }).click();
  await expect(page.getByText(/cannot be copied as a command/)).toContainText("\\u007f");
  await expect(shown.getByRole("button", { name: "Copied" })).toHaveCount(0);

  // JSON has another way to write the same value.
  await shown.getByRole("button", { name: "Copy as", exact: true }).click();
  await page.getByRole("menuitem", { name: "nats", exact: true }).click();
  await expect(shown.getByRole("button", { name: "Copied" })).toBeVisible();
  await expect.poll(() => clipboardOf(started)).toContain("u007f");
  const { calls, strays } = pasted(await clipboardOf(started));
  expect(strays).toEqual([]);
  expect(JSON.parse(calls[0]?.at(-1) ?? "").component_ref).toBe(`x/cart:1${"\x7f".repeat(300)}touch pwned\n`);
});

test("the shell that commands are written for is chosen once", async ({ stage }) => {
  const { started } = await followed(stage);
  const { page } = started;
  await tableRow(page, "components", "cart").click();
  const menu = drawer(page, "cart").getByRole("button", { name: "Copy as", exact: true });
  await menu.click();
  await page.getByRole("menuitemradio", { name: "PowerShell 7.3 or later" }).click();
  await page.getByRole("menuitem", { name: "nats", exact: true }).click();
  await expect.poll(() => clipboardOf(started)).toContain("$PSNativeCommandArgumentPassing");
  await page.reload();
  await menu.click();
  await expect(page.getByRole("menuitemradio", { name: "PowerShell 7.3 or later" })).toBeChecked();
});

type Stage = Parameters<Parameters<typeof test>[2]>[0]["stage"];

/** A lattice whose first host says nothing more, so that what an event says of it stays. */
async function followed(stage: Stage): Promise<{ started: RunningConsole; playground: PlaygroundProcess }> {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "components" });
  await expect(tableRow(started.page, "components", "cart")).toBeVisible();
  await keepCopies(started);
  await playground.order({ do: "freeze-host", host: playground.hosts[0]?.friendlyName });
  return { started, playground };
}

/** The page's last text for the clipboard, which itself is one for all stories that run at the same time. */
function clipboardOf({ page }: RunningConsole): Promise<string> {
  return page.evaluate(() => (globalThis as { copied?: string }).copied ?? "");
}

async function keepCopies({ page }: RunningConsole): Promise<void> {
  await page.evaluate(() => {
    const write = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = async (text) => {
      await write(text);
      (globalThis as { copied?: string }).copied = text;
    };
  });
}

/** What a shell does with a text: the calls of stand-ins for the tools, and the files that came to be. */
function pasted(text: string): { calls: string[][]; strays: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-pasted-"));
  try {
    const [tools, home, record] = ["tools", "home", "record"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [tools, home]) mkdirSync(path);
    writeFileSync(record, "");
    for (const tool of ["wash", "nats", "curl"]) {
      const file = join(tools, tool);
      writeFileSync(file, `#!/bin/sh\n{ printf '%s\\0' ${tool} "$@"; printf '\\n\\0'; } >> '${record}'\n`);
      chmodSync(file, 0o755);
    }
    execFileSync("bash", ["-s"], {
      cwd: home,
      input: text,
      env: {
        PATH: `${tools}:/usr/bin:/bin`,
        HOME: home,
        SWITCHYARD_TOKEN_FILE: "/dev/null",
        SWITCHYARD_PORT: "1",
      },
    });
    const calls = readFileSync(record, "utf8")
      .split("\0\n\0")
      .slice(0, -1)
      .map((call) => call.split("\0"));
    return { calls, strays: readdirSync(home) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
