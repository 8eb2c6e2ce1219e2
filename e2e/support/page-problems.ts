import type { Page } from "@playwright/test";

/** What a page complained about: uncaught errors, console errors, violations of the content security policy. */
export async function pageProblems(page: Page): Promise<string[]> {
  const said = (await page.consoleMessages()).filter((message) => message.type() === "error");
  const errors = await page.pageErrors();
  return [
    ...said
      .filter((message) => !isFailedCall(message.text(), message.location().url))
      .map((message) => `console: ${message.text()} (${message.location().url})`),
    ...errors.map((error) => `uncaught: ${error.stack ?? error.message}`),
  ];
}

/** The browser reports each reply that is not 2xx; to the page a failed call is data. */
function isFailedCall(text: string, url: string): boolean {
  return text.startsWith("Failed to load resource") && new URL(url).pathname.startsWith("/api/");
}
