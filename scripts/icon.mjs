import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { ensureChromium, findChromium } from "./lib/chromium.mjs";
import { root } from "./lib/paths.mjs";
import { note, runAsScript } from "./lib/terminal.mjs";
import { sandboxArguments, setup } from "./setup.mjs";

const size = 512;

/** Draws build/icon.png, which installers and windows carry, from the page's icon; to be run when that changes. */
export async function drawIcon() {
  await setup({ need: ["dependencies"] });
  await ensureChromium();
  const browser = await chromium.launch({ executablePath: findChromium(), args: sandboxArguments() });
  try {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const drawing = readFileSync(join(root, "renderer", "public", "icon.svg"), "utf8");
    await page.setContent(
      `<style>html, body { margin: 0; background: none } svg { display: block }</style>${drawing}`,
    );
    const folder = join(root, "build");
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, "icon.png"), omitBackground: true });
  } finally {
    await browser.close();
  }
  note("drew build/icon.png");
}

await runAsScript(import.meta, drawIcon);
