import { lookup } from "node:dns/promises";
import { createServer } from "node:net";
import type { FluxTarget } from "../../../shared/connections/flux-target.ts";
import type { Diagnosis } from "../../../shared/connections/schema.ts";
import { asFailure } from "../../../shared/contract/index.ts";
import { StepRecorder } from "../../connections/diagnosis-steps.ts";
import { isLoopback } from "../../upstream/loopback.ts";
import { listeningFailure } from "../../upstream/network-cause.ts";
import { readCertificate } from "./listener-files.ts";

/** Tries whether the console could listen as the settings say: name, port, certificate. Leaves nothing open. */
export async function diagnoseListener(target: FluxTarget, open: readonly string[]): Promise<Diagnosis> {
  const recorder = new StepRecorder(asFailure);
  await recorder.run("resolve", async () => {
    const { address } = await lookup(target.host).catch((error: unknown) => {
      throw listeningFailure(error, target);
    });
    return { message: `${target.host} is ${address}.`, value: undefined };
  });
  await recorder.run("tls", async () => {
    const certificate = await readCertificate(target);
    if (certificate) return { message: "The certificate and its key belong together.", value: undefined };
    const outcome = isLoopback(target.host) ? "skipped" : "warning";
    const message =
      outcome === "skipped"
        ? "No certificate: daemons connect by ws://, which is for this machine only."
        : "No certificate: tokens travel in clear, and anybody on the way can read them.";
    return { outcome, message, value: undefined };
  });
  await recorder.run("connect", async () => {
    const own = open.find((url) => new URL(url).port === String(target.port));
    if (own) return { message: `This console listens there already, at ${own}.`, value: undefined };
    await tryPort(target);
    return { message: `${target.host}:${target.port} can be opened.`, value: undefined };
  });
  const { failure, steps } = recorder;
  return {
    ok: failure === undefined,
    summary: failure?.message ?? "The console can listen for daemons here.",
    ...(failure && { failure: failure.toData() }),
    steps,
    hosts: [],
    lattices: [],
  };
}

function tryPort({ host, port }: FluxTarget): Promise<void> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listeningFailure(error, { host, port })));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
