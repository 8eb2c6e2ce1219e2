import type { RunningConsole } from "../support/console.ts";
import { ask, hostsOf } from "../support/lattice.ts";
import { drawer } from "../support/screen.ts";
import { connectionId, expect, test } from "../support/story.ts";

/** What the stories put into the main process in place of the desktop's own notifications. */
interface Desktop {
  shown: { title: string; body: string; emit(event: string): void }[];
}

/** Takes over what a desktop would show, and whether the window has the focus. */
async function takeOver({ application }: RunningConsole): Promise<void> {
  await application?.evaluate(({ Notification }) => {
    const desktop: Desktop = { shown: [] };
    Object.assign(globalThis, { desktop });
    Notification.isSupported = () => true;
    Notification.prototype.show = function () {
      desktop.shown.push(this as unknown as Desktop["shown"][number]);
    };
  });
}

async function focus({ application }: RunningConsole, focused: boolean): Promise<void> {
  await application?.evaluate(({ BrowserWindow }, has) => {
    for (const window of BrowserWindow.getAllWindows()) window.isFocused = () => has;
  }, focused);
}

async function shown({ application }: RunningConsole): Promise<{ title: string; body: string }[]> {
  const all = await application?.evaluate(() =>
    (globalThis as unknown as { desktop: Desktop }).desktop.shown.map(({ title, body }) => ({ title, body })),
  );
  return all ?? [];
}

test("the desktop tells what settled in the background, sums a bulk up, and a click leads there @desktop", async ({
  stage,
}) => {
  const playground = await stage.playground();
  const started = await stage.follow(playground);
  await takeOver(started);
  const hosts = await hostsOf(playground, "catalog");
  const scale = async (maxInstances: number, some: typeof hosts, batch?: string) => {
    for (const { id } of some) {
      const input = { connectionId, hostId: id, componentId: "catalog", maxInstances };
      await started.call("lattice.components.scale", input, batch ? { batch } : {});
    }
    const verified = async () =>
      (await ask(started, "activity.list", { state: "verified" })).filter(
        ({ title }) => title === `Scale catalog to ${maxInstances}`,
      ).length;
    await expect.poll(verified).toBe(some.length);
  };
  await focus(started, true);
  await scale(61, hosts.slice(0, 1));
  await ask(started, "console.preferences.save", { notifyWhenSettled: false });
  await focus(started, false);
  await scale(62, hosts.slice(0, 1));
  await ask(started, "console.preferences.save", { notifyWhenSettled: true });
  await scale(63, hosts, "all at once");
  await expect
    .poll(() => shown(started))
    .toEqual([
      {
        title: `Scale catalog to 63 and ${hosts.length - 1} more`,
        body: `TEST Story lattice: ${hosts.length} verified`,
      },
    ]);
  await scale(64, hosts.slice(0, 1));
  await expect
    .poll(async () => (await shown(started))[1])
    .toEqual({
      title: "Scale catalog to 64: verified",
      body: "TEST Story lattice: The host's inventory shows max 64 instances.",
    });

  const click = (index: number) =>
    started.application?.evaluate(
      (_electron, place) =>
        (globalThis as unknown as { desktop: Desktop }).desktop.shown[place]?.emit("click"),
      index,
    );
  await click(1);
  await expect(drawer(started.page, "Scale catalog to 64")).toContainText("verified");
  await click(0);
  await expect(started.page.getByRole("main")).toContainText(
    `Only the ${hosts.length} activities of one bulk command`,
  );
});

test("the preference that switches notifications off is kept @desktop", async ({ stage }) => {
  const first = await stage.open();
  await first.page.getByRole("button", { name: "View settings" }).click();
  await first.page.getByRole("menuitemradio", { name: "Stay quiet" }).click();
  await expect
    .poll(() => ask(first, "console.preferences.get", {}))
    .toMatchObject({ notifyWhenSettled: false });
  await first.close();
  const second = await stage.open();
  expect(await ask(second, "console.preferences.get", {})).toMatchObject({ notifyWhenSettled: false });
});
