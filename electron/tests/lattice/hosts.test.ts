import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConsoleUnderTest } from "../../testing/console-files.ts";

let here: ConsoleUnderTest;

beforeEach(async () => {
  here = await ConsoleUnderTest.start({ waits: { hostStopMs: 800 } });
  await here.follow();
});
afterEach(() => here.close());

describe("a stop of a host", () => {
  it("is confirmed by host_stopped and verified by nobody answering", async () => {
    const host = here.host("1.9.2");
    const params = { hostId: host.id, timeoutMs: 5_000 };
    const activity = await here.settles("lattice.hosts.stop", params, "verified");
    expect(activity.request?.payload).toEqual({ host_id: host.id, timeout: 5_000 });
    expect(activity.target?.label).toBe(host.friendlyName);
    expect(activity.evidence.map(({ kind }) => kind)).toEqual(["reply", "event", "inventory"]);
    expect((await here.output("lattice.hosts.list")).find(({ id }) => id === host.id)?.status).toBe(
      "stopped",
    );
  });

  it("whose acknowledgement is lost is a success once host_stopped comes", async () => {
    const host = here.host("1.9.1");
    host.faults.add({ kind: "silent", on: "host.stop", execute: true });
    const { failure, activity } = await here.leftBehind("lattice.hosts.stop", { hostId: host.id });
    expect(failure.code).toBe("timeout");
    await here.reaches(activity.id, "verified");
  });

  it("without host_stopped is verified when nobody answers after the wait", async () => {
    const host = here.host("1.9.2");
    host.faults.add({ kind: "dropEvents", on: "host_stopped" });
    const activity = await here.settles("lattice.hosts.stop", { hostId: host.id }, "verified");
    expect(activity.evidence.map(({ kind }) => kind)).toEqual(["reply", "inventory"]);
  });

  it("that did not happen is found out when the wait is over", async () => {
    const host = here.host("1.9.2");
    host.faults.add({ kind: "silent", on: "host.stop" });
    const { activity } = await here.leftBehind("lattice.hosts.stop", { hostId: host.id });
    expect((await here.reaches(activity.id, "failed")).message).toMatch(/still answers/);
  });

  it("of a host that is gone fails at once", async () => {
    const host = here.host("1.9.2");
    await host.stop();
    const { failure, activity } = await here.leftBehind("lattice.hosts.stop", { hostId: host.id });
    expect(failure.code).toBe("not_found");
    expect(activity.state).toBe("failed");
  });

  it("is previewed with what runs nowhere else", async () => {
    const host = here.host("1.9.2");
    await host.execute("component.scale", {
      component_id: "only-here",
      component_ref: "x:1",
      count: 2,
      host_id: host.id,
    });
    const preview = await here.output("lattice.hosts.preview-stop", { hostId: host.id });
    expect(preview.lost.components).toContain("only-here");
    expect(preview.components.map(({ id }) => id)).toEqual(
      expect.arrayContaining([...host.context.state.components.keys()]),
    );
    for (const { id, elsewhere } of preview.components) {
      const others = here.playground.hosts.filter(
        (each) => each !== host && each.context.state.components.has(id),
      );
      expect(elsewhere.map(({ hostId }) => hostId).sort()).toEqual(others.map((each) => each.id).sort());
    }
  });
});

describe("a label", () => {
  it.each(["1.0.4", "1.5.1", "1.9.2"])(
    "is put and deleted on %s, with the reply as proof",
    async (version) => {
      const host = here.host(version);
      const place = { hostId: host.id, key: "rack/row" };
      await here.settles("lattice.labels.put", { ...place, value: "7" }, "verified");
      expect(host.context.state.labels.get("rack/row")).toBe("7");
      const activity = await here.settles("lattice.labels.delete", place, "verified");
      expect(activity.title).toBe("Delete label rack/row");
      expect(host.context.state.labels.has("rack/row")).toBe(false);
    },
  );

  it("that is not there can be deleted: no event comes, and none is waited for", async () => {
    const activity = await here.settles(
      "lattice.labels.delete",
      { hostId: here.host("1.9.2").id, key: "nope" },
      "verified",
    );
    expect(activity.evidence.map(({ kind }) => kind)).toEqual(["reply", "inventory"]);
  });

  it("of the machine is explained and not sent where the host refuses it", async () => {
    const params = { hostId: here.host("1.9.2").id, key: "HostCore.os", value: "plan9" };
    const { failure, activity } = await here.leftBehind("lattice.labels.put", params);
    expect(failure).toMatchObject({ code: "invalid_input", message: expect.stringMatching(/1\.8\.0/) });
    expect(activity.request).toBeUndefined();
    const preview = await here.output("lattice.labels.preview", params);
    expect(preview.refused).toMatch(/refuse/);
  });

  it("of the machine is overwritten on an older host, with a warning before", async () => {
    const params = { hostId: here.host("1.5.1").id, key: "hostcore.os", value: "plan9" };
    const preview = await here.output("lattice.labels.preview", params);
    expect(preview).toMatchObject({ effect: "changed", now: "linux", after: "plan9" });
    expect(preview.warnings[0]).toMatch(/overwritten/);
    await here.settles("lattice.labels.put", params, "verified");
  });
});
