import type { Locator, Page } from "@playwright/test";

/** The table of a page, by the name of what its rows are. */
export function table(page: Page, name: string): Locator {
  return page.getByRole("grid", { name, exact: true });
}

/** The rows of a table that hold this text in one of their cells, exactly. */
export function tableRow(page: Page, name: string, text: string): Locator {
  return table(page, name)
    .getByRole("row")
    .filter({ has: page.getByText(text, { exact: true }) });
}

/** The first row of a table, when there is one: what stands in place of rows is no row to press. */
export function firstRow(page: Page, name: string): Locator {
  return table(page, name).locator("[role=row][id]").first();
}

/** The text of a row's cell under the named column. */
export function cell(row: Locator, column: string): Promise<string | undefined> {
  return row.evaluate((element, wanted) => {
    const headers = element.closest("[role=grid]")?.querySelectorAll("[role=columnheader]") ?? [];
    const index = [...headers].findIndex(
      (header) => (header.getAttribute("aria-label") ?? header.textContent) === wanted,
    );
    return element.querySelectorAll("[role=gridcell]")[index]?.textContent ?? undefined;
  }, column);
}

/** Lets the page note every text that comes to stand in a row's cell under the named column; answers with what gives the notes. */
export async function watchCell(row: Locator, column: string): Promise<() => Promise<string[]>> {
  const notes = await row.evaluateHandle((element, wanted) => {
    const headers = element.closest("[role=grid]")?.querySelectorAll("[role=columnheader]") ?? [];
    const index = [...headers].findIndex((header) => header.textContent === wanted);
    const seen: string[] = [];
    const look = () => {
      const text = element.querySelectorAll("[role=gridcell]")[index]?.textContent ?? "";
      if (text !== seen.at(-1)) seen.push(text);
    };
    look();
    new MutationObserver(look).observe(element, { subtree: true, childList: true, characterData: true });
    return seen;
  }, column);
  return () => notes.evaluate((seen) => [...seen]);
}

/** The drawer of the entity with this title. */
export function drawer(page: Page, title: string): Locator {
  return page.getByRole("complementary", { name: title, exact: true });
}

/** Opens the dialog that scales a component, on one host or on all that run it; the page is `components`. */
export async function openScale(page: Page, component: string, hostName?: string): Promise<Locator> {
  await tableRow(page, "components", component).click();
  const scale = hostName === undefined ? /^Scale on \d+ hosts?…$/ : `Scale on ${hostName}`;
  await drawer(page, component).getByRole("button", { name: scale }).click();
  return page.getByRole("dialog", { name: `Scale ${component}` });
}

/** Closes a dialog that shows receipts, and takes the pointer out of what is below it: a table keeps its order under it. */
export async function closeDialog(dialog: Locator): Promise<void> {
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await dialog.waitFor({ state: "hidden" });
  await dialog.page().mouse.move(1, 1);
}
