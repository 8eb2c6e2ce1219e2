import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import type { UpdateSpec } from "../../../playground/flux/wire-types.ts";
import { checkout, FluxUnderTest, image, releaseOf, user } from "../../testing/flux.ts";

let here: FluxUnderTest;
let daemon: SimulatedDaemon;

beforeEach(async () => {
  here = await FluxUnderTest.start();
  daemon = await here.daemon("shop");
});
afterEach(() => here.close());

const onShop = { daemonId: "shop" };

function containersOf(update: object): object {
  const release = { kind: "containers", updates: { [checkout]: [update] } };
  return { ...onShop, release, user, message: "" };
}

/** As any other client of the daemon may do it. */
async function poison(): Promise<string> {
  const spec = {
    Kind: "execute",
    ContainerSpecs: { [checkout]: [{ Container: "web", Target: `${image}:2.5.0` }] },
    SkipMismatches: false,
    Force: false,
  };
  await daemon.jobs.update({ type: "containers", cause: { Message: "", User: "" }, spec } as UpdateSpec);
  await vi.waitFor(() => expect(daemon.state.repository.poisoned).toBe(true));
  return daemon.state.repository.head.revision;
}

async function warnings(): Promise<string> {
  return (await here.output("flux.daemons.get", onShop)).warnings.join("\n");
}

describe("a release of containers without a precondition", () => {
  it("is sent with what runs as one: without any, the daemon's notes would be poisoned", async () => {
    const release = containersOf({ container: "web", target: `${image}:2.5.0` });
    const activity = await here.settles("flux.release", release, "verified");
    expect(activity.request?.payload).toMatchObject({
      spec: {
        ContainerSpecs: {
          [checkout]: [{ Container: "web", Current: `${image}:2.4.1`, Target: `${image}:2.5.0` }],
        },
      },
    });
    expect(daemon.state.repository.poisoned).toBe(false);
  });

  it.each([
    [
      "a container that is not there",
      { container: "wbe", target: `${image}:2.5.0` },
      "Its containers are web.",
    ],
  ])("is refused for %s, and nothing is sent", async (_name, update, hint) => {
    const { failure, activity } = await here.leftBehind("flux.release", containersOf(update));
    expect(failure).toMatchObject({ code: "conflict", hint });
    expect(activity.request).toBeUndefined();
  });

  it("is worked out with it too", async () => {
    const { release } = containersOf({ container: "web", target: `${image}:2.5.0` }) as { release: object };
    const preview = await here.output("flux.release.preview", { ...onShop, release } as never);
    expect(preview.diff).toContain(`-image: ${image}:2.4.1\n+image: ${image}:2.5.0`);
  });
});

describe("a daemon whose notes somebody has poisoned", () => {
  it("is recognised by the commit that it tells, and the cure is named", async () => {
    const revision = await poison();
    await vi.waitFor(async () => expect(await warnings()).toContain(revision.slice(0, 8)));
    expect(await warnings()).toContain(`git notes --ref=flux remove ${revision}`);
  });

  it("is still recognised when the console was restarted", async () => {
    const revision = await poison();
    await vi.waitFor(async () => expect(await warnings()).toContain(revision));
    daemon.stop();
    await here.reopen();
    const [row] = await here.output("flux.daemons.list");
    expect(row?.warnings.join("\n")).toContain(`git notes --ref=flux remove ${revision}`);
  });

  it("leaves a release confirmed with the cure at once, until its note is removed", async () => {
    const revision = await poison();
    const { id } = await here.settles("flux.release", releaseOf("2.4.3"), "confirmed");
    await vi.waitFor(async () => expect((await here.activity(id)).message).toContain(`remove ${revision}`));
    daemon.state.repository.poisoned = false;
    void daemon.sync();
    await here.reaches(id, "verified");
    await vi.waitFor(async () => expect(await warnings()).not.toContain("git notes"));
  });
});
