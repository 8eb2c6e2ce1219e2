import { expect, type Page } from "@playwright/test";
import type { ConnectionDraftProfile, Secrets } from "../../shared/connections/schema.ts";
import type { RunningConsole } from "./console.ts";

interface Wanted {
  connectionId: string;
  profile: ConnectionDraftProfile;
  secrets?: Secrets;
}

/** Saves and opens a connection on a console that was just started. */
export async function connect({ page, call }: RunningConsole, wanted: Wanted): Promise<void> {
  // Until the first page is chosen, choosing another one is undone.
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const reply = await call("connections.save", wanted);
  if (!reply.ok) throw new Error(reply.failure.message);
  await call("connections.open", { connectionId: wanted.connectionId });
}

/**
 * Shows the page at this place of the console, such as `/forge/jobs/queues`, and waits until the console is there:
 * what is typed before that goes to the page before.
 */
export async function goToPlace(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#${place}`);
  const [path] = place.split("?");
  await expect(page.locator(`nav a[aria-current="page"][href="#${path}"]`)).toBeAttached();
}
