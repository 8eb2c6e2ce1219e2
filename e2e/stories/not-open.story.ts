import { goToPlace } from "../support/connect.ts";
import { table } from "../support/screen.ts";
import { expect, latticeProfile, test } from "../support/story.ts";

test("what a closed or failed connection leads to is not called empty, and is not waited for", async ({
  stage,
}) => {
  const { page, call } = await stage.open();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const away = { openAtStart: false };
  await call("connections.save", {
    connectionId: "away",
    profile: latticeProfile("nats://127.0.0.1:1", { name: "Away", ...away }),
  });
  const profile = { name: "Away jobs", color: "#112233", environment: "DEV", guard: "open" } as const;
  const target = { url: "http://127.0.0.1:1" };
  await call("connections.save", {
    connectionId: "away-jobs",
    profile: { ...profile, ...away, system: "forge", target },
  });

  await goToPlace(page, "/c/away/default/components");
  const components = table(page, "components");
  await expect(components).toContainText("Not read: the connection is closed");
  await expect(page.getByText("0 ids")).toHaveCount(0);
  await call("connections.open", { connectionId: "away" });
  await expect(components).toContainText("Not read: the connection could not be opened");
  await expect(page.getByRole("alert")).toContainText("Away could not be opened");

  await goToPlace(page, "/forge/away-jobs/queues");
  await expect(table(page, "queues")).toContainText("Not read: the connection is closed");
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
  await goToPlace(page, "/forge/away-jobs/storage");
  await expect(page.getByText("Not read: the connection is closed")).toBeVisible();
});
