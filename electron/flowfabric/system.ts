import { asFailure, Failure } from "../../shared/contract/index.ts";
import { StepRecorder } from "../connections/diagnosis-steps.ts";
import type { SystemModule } from "../connections/system-module.ts";
import { answerDetails } from "./client/http-failure.ts";
import { type Access, FlowfabricSession, makeClient, openStore } from "./session/session.ts";
import { missingLibrary, readLibrary, readPartitionCount } from "./valkey/partitions.ts";

export type FlowfabricSystem = SystemModule<"flowfabric", FlowfabricSession>;

/** FlowFabric servers as the connections see them. */
export function flowfabricSystem(): FlowfabricSystem {
  return {
    system: "flowfabric",
    connect: ({ target }, secrets, scope) => FlowfabricSession.open({ target, secrets }, scope),
    diagnose: async (access) => {
      const recorder = new StepRecorder(asFailure);
      let roundTripMs: number | undefined;
      if (access.target.url !== undefined) roundTripMs = await diagnoseHttp(recorder, access);
      if (access.target.valkey) await diagnoseValkey(recorder, access);
      const last = recorder.steps.at(-1)?.message ?? "";
      const warning = recorder.steps.findLast(({ outcome }) => outcome === "warning")?.message;
      return {
        ok: recorder.failure === undefined,
        summary:
          recorder.failure?.message ??
          [last, warning === last ? undefined : warning].filter(Boolean).join(" "),
        ...(recorder.failure && { failure: recorder.failure.toData() }),
        steps: recorder.steps,
        ...(roundTripMs !== undefined && { roundTripMs }),
        hosts: [],
        lattices: [],
      };
    },
  };
}

async function diagnoseHttp(recorder: StepRecorder, access: Access): Promise<number | undefined> {
  const client = await recorder.run("connect", async () => {
    const value = await makeClient(access);
    const start = performance.now();
    const alive = await value.health().then(
      () => undefined,
      (error: unknown) => asFailure(error),
    );
    const roundTripMs = Math.round((performance.now() - start) * 100) / 100;
    if (alive && answerDetails(alive)?.kind !== "unavailable") {
      value.close();
      throw alive;
    }
    return alive
      ? {
          outcome: "warning" as const,
          message:
            "The server answers, but cannot ping its backend: it seems to run on SQLite, for development.",
          value: { client: value, roundTripMs },
        }
      : { message: "The server and its backend answer.", value: { client: value, roundTripMs } };
  });
  await recorder.run("authenticate", async () => {
    await client?.client.listExecutions(0, { limit: 0 }).catch((error: unknown) => {
      // On SQLite there is no listing, which tells nothing about the token but that it was taken.
      if (answerDetails(asFailure(error))?.kind !== "unavailable") throw error;
    });
    const withToken = access.target.authentication.method === "bearer";
    return withToken
      ? { message: "The server takes the token, or asks nobody for one.", value: undefined }
      : { outcome: "warning" as const, message: "The server asks nobody for a token.", value: undefined };
  });
  client?.client.close();
  return client?.roundTripMs;
}

async function diagnoseValkey(recorder: StepRecorder, access: Access): Promise<void> {
  const store = await recorder.run("request", async () => {
    const value = await openStore(access);
    const version = await value.serverVersion().catch(() => undefined);
    const message = `${value.address} answers: ${version?.name ?? "Valkey"}.`;
    if (version?.refused === undefined) return { message, value };
    return { outcome: "warning" as const, message: `${version.refused} Check the address.`, value };
  });
  try {
    await recorder.run("system", async () => {
      if (!store) throw new Failure({ code: "unreachable", message: "Valkey is not connected." });
      const [count, library] = [await readPartitionCount(store), await readLibrary(store)];
      const warning =
        count === undefined
          ? "No ff-server has started on this Valkey, or it came back empty: the number of partitions is missing."
          : missingLibrary(library);
      if (warning !== undefined) return { outcome: "warning" as const, message: warning, value: undefined };
      return { message: `${count} partitions; function library ${library.version}.`, value: undefined };
    });
  } finally {
    store?.close();
  }
}
