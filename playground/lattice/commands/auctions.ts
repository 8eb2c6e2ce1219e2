import type { ControlRequest, HostContext, Outcome } from "../host/host-context.ts";
import { answered } from "../host/host-context.ts";
import type { StringMap } from "../host/lattice-state.ts";
import { RequestReader, readRequest } from "../host/request-reader.ts";

interface Auction {
  reference: string;
  id: string;
  constraints: StringMap;
}

function readAuction(kind: "component" | "provider", payload: Uint8Array): Auction {
  return readRequest(`failed to deserialize ${kind} auction command`, () => {
    const body = new RequestReader(payload);
    return {
      reference: body.string(`${kind}_ref`, ""),
      id: body.string(`${kind}_id`),
      constraints: body.map("constraints"),
    };
  });
}

function mayBid(context: HostContext, constraints: StringMap, running: boolean): boolean {
  const fits = Object.entries(constraints).every(([key, value]) => context.state.labels.get(key) === value);
  return fits && !running;
}

function bid(context: HostContext, eligible: boolean, acknowledgement: object): Outcome {
  const wrong = context.faults.take("wrongAuctionBid");
  if (!wrong) return eligible ? { reply: answered({ ...acknowledgement, host_id: context.state.id }) } : {};
  const foreign = wrong.form !== "ineligible";
  const hostId = foreign ? `${context.state.id.slice(0, -8)}${"A".repeat(8)}` : context.state.id;
  return { reply: answered({ ...acknowledgement, host_id: hostId }) };
}

/** Bids for a component; since 1.3 with the reference in place of the ID (wasmcloud-control §2.4). */
export async function auctionComponent(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const { reference, id, constraints } = readAuction("component", request.payload);
  const identity = context.features.componentAuctionById ? id : reference;
  const { components } = context.state;
  const running = await context.locks.components.reading(() => components.has(identity));
  const eligible = mayBid(context, constraints, running);
  return bid(context, eligible, { component_ref: reference, component_id: identity, constraints });
}

/** Bids for a provider (wasmcloud-control §2.5). */
export async function auctionProvider(context: HostContext, request: ControlRequest): Promise<Outcome> {
  const { reference, id, constraints } = readAuction("provider", request.payload);
  const running = await context.locks.providers.reading(() => context.state.providers.has(id));
  const eligible = mayBid(context, constraints, running);
  return bid(context, eligible, { provider_ref: reference, provider_id: id, constraints });
}
