import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { SimulatedDaemon } from "../../../playground/flux/daemon.ts";
import { fluxTargetSchema } from "../../../shared/connections/flux-target.ts";
import {
  hasOpenssl,
  makeCertificates,
  type TestCertificates,
} from "../../connections/testing/certificates.ts";
import { openConsoleSide, token } from "../testing/console-side.ts";
import { diagnoseListener } from "./diagnosis.ts";

/** Ends whatever it says. */
function run(command: string, parameters: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = execFile(command, parameters, () => resolve());
    child.stdin?.end();
  });
}

const folder = mkdtempSync(join(tmpdir(), "switchyard-flux-tls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.runIf(hasOpenssl())("a listener with a certificate", () => {
  let made: TestCertificates;
  beforeAll(() => {
    made = makeCertificates(folder);
  });
  const files = () => ({ certificateFile: made.server.certificate, keyFile: made.server.key });

  it("takes daemons and their events over TLS", async () => {
    const here = await openConsoleSide({ files: files() });
    expect(here.url).toMatch(/^wss:/);
    const daemon = new SimulatedDaemon({ name: "shop", connect: here.url, token, syncMs: 5 });
    daemon.start();
    await vi.waitFor(() => expect(here.session.daemon("shop").isConnected).toBe(true));
    daemon.state.repository.commit("by hand");
    await daemon.sync();
    expect(here.events.kept.map(({ event }) => event.type)).toEqual(["sync"]);
    daemon.stop();
    await here.close();
  });

  it.each([
    ["does not trust its certificate", "it does not trust the certificate", true],
    ["breaks the handshake off", "it broke the TLS handshake off: it may not trust the certificate", false],
  ])("lists who %s", async (_name, reason, alert) => {
    const here = await openConsoleSide({ files: files() });
    const port = Number(new URL(here.url).port);
    // Go sends an alert for a certificate of an unknown authority, as openssl does; others only leave.
    if (alert)
      await run("openssl", [
        "s_client",
        "-connect",
        `127.0.0.1:${port}`,
        "-verify_return_error",
        "-verify",
        "1",
      ]);
    else {
      const socket = connect(port, "127.0.0.1");
      socket.write(Buffer.from("1603010200010001fc0303", "hex"));
      await once(socket, "ready");
      socket.end();
    }
    await vi.waitFor(() =>
      expect(here.session.describe().refused.map((entry) => entry.reason)).toEqual([reason]),
    );
    expect(here.session.describe().refused[0]?.remoteAddress).toBe("127.0.0.1");
    await here.close();
  });

  it("lists who speaks without TLS, and says what to use instead", async () => {
    const here = await openConsoleSide({ files: files() });
    const daemon = new SimulatedDaemon({ name: "shop", connect: here.url.replace("wss:", "ws:"), token });
    daemon.start();
    await vi.waitFor(() => expect(here.session.describe().refused[0]?.reason).toContain("wss://"));
    daemon.stop();
    await here.close();
  });

  it("names the file at fault", async () => {
    const wrong = join(folder, "wrong.pem");
    writeFileSync(wrong, "no certificate");
    const open = (certificateFile: string) => openConsoleSide({ files: { ...files(), certificateFile } });
    await expect(open(wrong)).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining(wrong),
    });
    await expect(open("/nowhere.pem")).rejects.toMatchObject({
      message: "The certificate file /nowhere.pem does not exist.",
    });
    await expect(open(made.client.certificate)).rejects.toMatchObject({
      message: expect.stringContaining("no certificate and its key"),
    });
  });
});

describe("a listener without a certificate", () => {
  it("lists who speaks TLS, and says what to use instead", async () => {
    const here = await openConsoleSide();
    const daemon = new SimulatedDaemon({ name: "shop", connect: here.url.replace("ws:", "wss:"), token });
    daemon.start();
    await vi.waitFor(() => expect(here.session.describe().refused[0]?.reason).toContain("ws://"));
    daemon.stop();
    await here.close();
  });
});

describe("a test of settings", () => {
  it("says what could be opened, and what stands in the way", async () => {
    const here = await openConsoleSide();
    const port = Number(new URL(here.url).port);
    const taken = await diagnoseListener(fluxTargetSchema.parse({ port }), []);
    expect(taken).toMatchObject({
      ok: false,
      failure: { message: expect.stringContaining("another program uses this port") },
    });
    expect((await diagnoseListener(fluxTargetSchema.parse({ port }), [here.url])).ok).toBe(true);
    await here.close();
    const free = await diagnoseListener(fluxTargetSchema.parse({ port, host: "0.0.0.0" }), []);
    expect(free.ok).toBe(true);
    expect(free.steps.find(({ name }) => name === "tls")).toMatchObject({ outcome: "warning" });
    const half = await diagnoseListener(fluxTargetSchema.parse({ port, certificateFile: "x.pem" }), []);
    expect(half.failure?.message).toContain("target.keyFile");
  });
});
