import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { seriousFaults } from "../support/axe.ts";
import { type RunningConsole, signInLink } from "../support/console.ts";
import { built } from "../support/paths.ts";
import { startProgram } from "../support/processes.ts";
import { table } from "../support/screen.ts";
import { connectionId, expect, goTo, test } from "../support/story.ts";

const secretOf = (page: Page) => page.evaluate(() => sessionStorage.getItem("switchyard-session"));
const originOf = ({ page }: RunningConsole) => new URL(page.url()).origin;
const heading = (page: Page) => page.getByRole("heading", { name: "Sign in to Switchyard" });

/** Another server of this machine, and what it was told. */
async function otherServer(): Promise<{ origin: string; heard: IncomingHttpHeaders[]; close: () => void }> {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    response.writeHead(200, { "content-type": "text/html" }).end("<title>other</title>");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard, close };
}

test.beforeEach(({ stage }) => {
  test.skip(stage.shell !== "chromium", "the window of the desktop application needs no session");
});

test("another server of the same machine gets nothing that opens the console, and its page cannot call", async ({
  stage,
}) => {
  const started = await stage.open();
  const { page } = started;
  await expect(page.getByText("No connection yet")).toBeVisible();
  const console = originOf(started);
  const secret = (await secretOf(page)) ?? "none";
  expect(await page.context().cookies()).toEqual([]);
  const { headers } = await fetch(`${console}/`);
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*require-trusted-types-for/);
  const other = await otherServer();
  try {
    const second = await page.context().newPage();
    await second.goto(other.origin);
    expect(other.heard.length).toBeGreaterThan(0);
    expect(JSON.stringify(other.heard)).not.toContain(secret);
    expect(other.heard.filter(({ cookie, authorization }) => cookie ?? authorization)).toEqual([]);

    const tried = await second.evaluate(
      async ([address, proof]) => {
        const authorization = `Bearer ${proof}`;
        const attempts: [string, RequestInit][] = [
          ["/api/connections", {}],
          ["/api/connections", { headers: { authorization } }],
          ["/api/connections", { credentials: "include", mode: "no-cors" }],
          ["/api/session", { method: "POST", body: "{}", mode: "no-cors" }],
          ["/", { mode: "no-cors" }],
        ];
        return Promise.all(
          attempts.map(([path, init]) =>
            fetch(address + path, init).then(
              async (reply) => `${reply.status} ${await reply.text()}`,
              () => "blocked",
            ),
          ),
        );
      },
      [console, secret] as const,
    );
    // What is let through at all cannot be read, and the page's own files are kept from it.
    expect(tried.every((one) => one === "blocked" || one === "0 ")).toBe(true);
    expect(tried.at(-1)).toBe("blocked");
    await second.close();
  } finally {
    other.close();
  }
});

test("a sign-in link works once, leaves no trace in the address, and comes back to the page", async ({
  stage,
}) => {
  const started = await stage.open();
  const { page } = started;
  await expect(page.getByText("No connection yet")).toBeVisible();
  const link = await signInLink(originOf(started), stage.directory);
  const once = link.split("#token=")[1] ?? "";

  const second = await page.context().newPage();
  await second.goto(`${originOf(started)}/#/connections`);
  await expect(heading(second)).toBeVisible();
  await second.getByLabel("Sign-in link or one-time token").fill("not a token");
  await second.getByRole("button", { name: "Sign in" }).click();
  await expect(second.getByRole("alert")).toContainText("not good");
  expect(await seriousFaults(second, "sign in")).toEqual([]);
  await second.getByLabel("Sign-in link or one-time token").fill(link);
  await second.getByRole("button", { name: "Sign in" }).click();
  await expect(second).toHaveTitle(/^Connections/);
  expect(second.url()).toBe(`${originOf(started)}/#/connections`);

  const third = await page.context().newPage();
  for (const address of [link, `${originOf(started)}/?token=${once}`]) {
    await third.goto("about:blank");
    await third.goto(address);
    await expect(heading(third)).toBeVisible();
    expect(third.url()).not.toContain(once);
  }
  expect(await secretOf(third)).toBeNull();
  for (const log of ["main.log"].map((name) => join(stage.directory, "logs", name)).filter(existsSync))
    expect(readFileSync(log, "utf8")).not.toContain(once);
});

test("who signs out, or is signed out, has to sign in again, and is back on the same page", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "hosts" });
  const { page } = started;
  const proof = { authorization: `Bearer ${await secretOf(page)}` };
  const status = async () => (await fetch(`${originOf(started)}/api/info`, { headers: proof })).status;
  const address = page.url();
  expect(await status()).toBe(200);
  await page.getByRole("button", { name: "View settings" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(heading(page)).toBeVisible();
  await expect(page.getByRole("status")).toContainText("You signed out.");
  expect([await status(), page.url()]).toEqual([401, address]);

  const signIn = async () => {
    await page
      .getByLabel("Sign-in link or one-time token")
      .fill(await signInLink(originOf(started), stage.directory));
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(table(page, "hosts")).toBeVisible();
  };
  await signIn();
  expect(page.url()).toBe(address);
  const sessions = await started.call("console.sessions.list", {});
  const own = sessions.ok ? sessions.output.find((session) => session.own) : undefined;
  const token = readFileSync(join(stage.directory, "token"), "utf8").trim();
  const closed = await fetch(`${originOf(started)}/api/console/sessions/${own?.id}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await closed.json()).toEqual({ closed: true });
  // The page hears of it by itself: its stream ends.
  await expect(heading(page)).toBeVisible();
  await expect(page.getByRole("status")).toContainText("This session was signed out.");
  await signIn();
  // In a tab that is signed in, a link is taken from the address, and the page stays.
  const before = await secretOf(page);
  const link = await signInLink(originOf(started), stage.directory);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, new URL(link).hash);
  await expect.poll(() => secretOf(page).catch(() => before)).not.toBe(before);
  await expect(table(page, "hosts")).toBeVisible();
  expect(page.url()).toBe(address);
});

test("a page that is looked at stays signed in, though it asks nothing else", async ({ stage }) => {
  const started = await stage.open();
  const second = await started.page.context().newPage();
  await second.clock.install();
  await second.goto(await signInLink(originOf(started), stage.directory));
  await expect(second.getByText("No connection yet")).toBeVisible();
  const asked = second.waitForRequest(
    (request) => request.method() === "GET" && new URL(request.url()).pathname === "/api/session",
  );
  await second.clock.fastForward("05:01");
  expect((await (await asked).response())?.status()).toBe(200);
});

test("a token is made, shown once, named in the activity, and revoked", async ({ stage }) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground, { page: "hosts" });
  const { page } = started;
  await page.getByRole("button", { name: "View settings" }).click();
  await page.getByRole("menuitem", { name: "HTTP interface…" }).click();
  const dialog = page.getByRole("dialog", { name: "HTTP interface" });
  await expect(dialog.getByRole("region", { name: "Browser sessions" })).toContainText("(this one)");
  const tokens = dialog.getByRole("region", { name: "Tokens" });
  await tokens.getByLabel("Name of a new token").fill("night deploys");
  await tokens.getByRole("combobox", { name: "May" }).click();
  await page.getByRole("option", { name: "read and change" }).click();
  await tokens.getByRole("button", { name: "Make token" }).click();
  const token = await tokens.locator("code").textContent();
  expect(await seriousFaults(page, "HTTP interface")).toEqual([]);

  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${originOf(started)}/api${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    });
  const [host] = playground.hosts;
  const label = await call(`/connections/${connectionId}/lattice/hosts/${host?.id}/labels/zone`, {
    method: "PUT",
    body: JSON.stringify({ value: "eu-9" }),
  });
  expect([label.status, await label.json()]).toMatchObject([200, { actor: "http:night deploys" }]);
  await tokens.getByRole("button", { name: "Revoke night deploys" }).click();
  await expect(tokens.getByRole("button", { name: "Revoke night deploys" })).toHaveCount(0);
  expect((await call("/info")).status).toBe(401);
  await page.keyboard.press("Escape");
  await goTo(page, "hosts");
});

test("a console that does not write to a terminal prints nothing that opens it", async ({ stage }) => {
  const server = startProgram(built("headless.cjs"), ["--data", stage.directory, "--no-playground"]);
  try {
    const lines = [await server.line(), await server.line(), await server.line()];
    const token = readFileSync(join(stage.directory, "token"), "utf8").trim();
    expect(lines[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(lines.join("\n")).not.toContain("#token=");
    expect(lines.join("\n")).not.toContain(token);
    expect(await signInLink(lines[0] ?? "", stage.directory)).toContain(`${lines[0]}#token=`);
  } finally {
    await server.stop();
  }
});
