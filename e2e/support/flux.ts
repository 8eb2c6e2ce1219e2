import type { Page } from "@playwright/test";
import type { OperationName } from "../../shared/catalogue.ts";
import type { ConnectionDraftProfile } from "../../shared/connections/schema.ts";
import type { Guard } from "../../shared/contract/index.ts";
import { connect, goToPlace } from "./connect.ts";
import type { RunningConsole } from "./console.ts";
import type { PlaygroundProcess } from "./playground.ts";

type FluxOperation = Extract<OperationName, `flux.${string}`>;

/** The connection to Flux that stories use. */
export const fluxConnectionId = "story-flux";

/** A saved connection on which the daemon `shop` may come in, and never does. */
export const quietFluxProfile = {
  name: "Quiet Flux",
  color: "#112233",
  environment: "DEV",
  guard: "open",
  openAtStart: true,
  system: "flux",
  target: { host: "127.0.0.1", port: 0, daemons: [{ id: "shop", name: "Shop", tokenHash: "0".repeat(64) }] },
} satisfies ConnectionDraftProfile;

/** An input for every operation on Flux that is answered the same each time. */
export function fluxInputs(): Partial<Record<FluxOperation, Record<string, unknown>>> {
  const flux = { connectionId: fluxConnectionId };
  const shop = { ...flux, daemonId: "shop" };
  const nobody = { ...flux, daemonId: "nobody" };
  const release = { kind: "image", workloads: ["shop:deployment/checkout"], image: "checkout:1" };
  const policy = { ...shop, workloads: ["shop:deployment/checkout"], changes: { locked: true } };
  return {
    "flux.daemons.list": flux,
    "flux.daemons.get": shop,
    "flux.workloads.list": { ...shop, namespace: "shop" },
    "flux.images.list": shop,
    "flux.export.get": { ...shop, raw: true },
    "flux.sync.get": { ...shop, revision: "main" },
    "flux.repo.get": shop,
    "flux.jobs.get": { ...shop, jobId: "5be0c1d2-0000-0000-0000-000000000000" },
    "flux.events.list": { ...flux, limit: 5 },
    "flux.events.get": { ...flux, sequence: 999_999 },
    "flux.listener.get": flux,
    "flux.daemons.add": { ...shop, name: "Shop" },
    "flux.daemons.renew-token": nobody,
    "flux.daemons.remove": nobody,
    "flux.release.preview": { ...shop, release },
    "flux.release": { ...shop, release },
    "flux.policy.preview": policy,
    "flux.policy.update": policy,
    "flux.sync.start": shop,
    "flux.notify": { ...shop, change: { kind: "image", image: "checkout" } },
    "flux.repo.rotate-key": shop,
  };
}

/** What the playground says of its daemons. */
interface FluxReach {
  port: number;
  daemons: { id: string; name: string; tokenHash: string }[];
}

/** A console that listens where the playground's daemons dial, with the page on the daemons. */
export async function followFlux(
  stage: { open(): Promise<RunningConsole> },
  playground: PlaygroundProcess,
  options: { guard?: Guard; daemons?: FluxReach["daemons"] } = {},
): Promise<RunningConsole> {
  const started = await stage.open();
  const reach = playground.systems.flux as unknown as FluxReach;
  const daemons = (options.daemons ?? reach.daemons).map(({ id, name, tokenHash }) => ({
    id,
    name,
    tokenHash,
  }));
  await connect(started, {
    connectionId: fluxConnectionId,
    profile: {
      name: "Story Flux",
      color: "#f76707",
      environment: "TEST",
      guard: options.guard ?? "open",
      openAtStart: true,
      system: "flux",
      target: { host: "127.0.0.1", port: reach.port, daemons },
    },
  });
  await goToFlux(started.page, "daemons");
  return started;
}

/** Shows a screen of the story's listener. */
export async function goToFlux(page: Page, screen: string): Promise<void> {
  await goToPlace(page, `/flux/${fluxConnectionId}/${screen}`);
}
