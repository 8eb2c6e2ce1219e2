import type { Diagnosis, LatticeTarget, Secrets } from "../../shared/connections/schema.ts";
import { roundTripOf } from "../upstream/round-trip.ts";
import { checkPermissions, type LatticeFindings, lookForHosts } from "./diagnosis-lattice.ts";
import { connectTo, encrypt, resolveAddresses } from "./diagnosis-network.ts";
import { StepRecorder, type StepResult } from "./diagnosis-steps.ts";
import { type NatsConnection, openNats } from "./nats.ts";
import { natsFailure } from "./nats-failure.ts";
import { usesWebsocket } from "./nats-options.ts";

const methodNames: Record<LatticeTarget["authentication"]["method"], string> = {
  none: "without credentials",
  password: "with user and password",
  token: "with a token",
  nkey: "with an nkey",
  credentials: "with credentials",
  jwt: "with a user JWT",
};

/** Milliseconds of one round trip. Rejects when the connection is lost meanwhile. */
export function measureRoundTrip(nats: NatsConnection): Promise<number> {
  return roundTripOf(() => nats.flush());
}

async function signIn(
  target: LatticeTarget,
  secrets: Secrets,
): Promise<StepResult<{ nats: NatsConnection; roundTripMs: number }>> {
  const nats = await openNats(target, secrets, "switchyard-test");
  const { method } = target.authentication;
  const unneeded = method !== "none" && nats.info?.auth_required !== true;
  const roundTripMs = await measureRoundTrip(nats);
  return {
    outcome: unneeded ? "warning" : "passed",
    message: unneeded
      ? "Signed in, but the server asks for no credentials at all."
      : `Signed in ${methodNames[method]}.`,
    value: { nats, roundTripMs },
  };
}

interface Findings extends LatticeFindings {
  address?: string;
  nats?: NatsConnection;
  roundTripMs?: number;
}

async function reach(recorder: StepRecorder, target: LatticeTarget, found: Findings): Promise<void> {
  const endpoints = await recorder.run("resolve", () => resolveAddresses(target.addresses));
  const contact = await recorder.run("connect", () => connectTo(endpoints ?? [], target));
  try {
    found.address = contact?.endpoint.address;
    await recorder.run("tls", async () => {
      if (!contact) throw new Error("not connected");
      return encrypt(contact, target);
    });
  } finally {
    contact?.socket.destroy();
  }
}

async function use(
  recorder: StepRecorder,
  { target, secrets }: DiagnosisRequest,
  found: Findings,
): Promise<void> {
  const addresses = found.address === undefined ? target.addresses : [found.address];
  const signedIn = await recorder.run("authenticate", () => signIn({ ...target, addresses }, secrets));
  found.nats = signedIn?.nats;
  found.roundTripMs = signedIn?.roundTripMs;
  const nats = (): NatsConnection => {
    if (!signedIn) throw new Error("not connected");
    return signedIn.nats;
  };
  await recorder.run("permissions", () => checkPermissions(nats(), target));
  await recorder.run("lattice", () => lookForHosts(nats(), target, found));
}

function summaryOf(recorder: StepRecorder, found: Findings): string {
  if (recorder.failure) return recorder.failure.message;
  const warning = recorder.steps.findLast((step) => step.outcome === "warning");
  const lattice = recorder.steps.at(-1)?.message ?? "";
  const roundTrip = found.roundTripMs === undefined ? "" : ` Round trip ${found.roundTripMs} ms.`;
  return warning && warning.name !== "lattice"
    ? `${lattice}${roundTrip} ${warning.message}`
    : `${lattice}${roundTrip}`;
}

export interface DiagnosisRequest {
  target: LatticeTarget;
  secrets: Secrets;
  /** How long to look for other lattices when no host answers; 2.5 s by default. */
  listenMs?: number;
}

/** Tries a connection step by step and leaves nothing open; never throws for what it finds. Throws `invalid_input` for settings that contradict themselves. */
export async function diagnose(request: DiagnosisRequest): Promise<Diagnosis> {
  const { target, secrets } = request;
  usesWebsocket(target.addresses);
  const found: Findings = { listenMs: request.listenMs ?? 2_500, hosts: [], lattices: [] };
  const recorder = new StepRecorder((error) =>
    natsFailure(error, {
      addresses: [found.address ?? target.addresses.join(", ")],
      hidden: Object.values(secrets),
    }),
  );
  try {
    await reach(recorder, target, found);
    await use(recorder, request, found);
    const info = found.nats?.info;
    return {
      ok: recorder.failure === undefined,
      summary: summaryOf(recorder, found),
      failure: recorder.failure?.toData(),
      steps: recorder.steps,
      server: info && { version: info.version, name: info.server_name, maxPayloadBytes: info.max_payload },
      roundTripMs: found.roundTripMs,
      hosts: found.hosts,
      lattices: found.lattices,
    };
  } finally {
    await found.nats?.close();
  }
}
