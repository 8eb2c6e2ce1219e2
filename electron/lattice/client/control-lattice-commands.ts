import { isSecretName, recordedValues } from "../../../shared/lattice/inputs.ts";
import type { ControlRequest, StringMap } from "./control-types.ts";
import { type ControlScope, type ControlVerb, controlSubject } from "./subjects.ts";

interface Auction {
  imageReference: string;
  constraints?: StringMap | undefined;
}

export interface ComponentAuction extends Auction {
  componentId: string;
}

export interface ProviderAuction extends Auction {
  providerId: string;
}

export interface LinkKey {
  sourceId: string;
  name?: string | undefined;
  witNamespace: string;
  witPackage: string;
}

export interface PutLink extends LinkKey {
  target: string;
  interfaces: readonly string[];
  sourceConfig?: readonly string[] | undefined;
  targetConfig?: readonly string[] | undefined;
}

export interface PutConfig {
  name: string;
  values: StringMap;
}

/** Credentials of registries by their hosts. */
export type Registries = Record<
  string,
  {
    username?: string | undefined;
    password?: string | undefined;
    token?: string | undefined;
    registryType?: string | undefined;
  }
>;

const replaced = "(secret)";

function toAnyHost(scope: ControlScope, verb: ControlVerb, payload?: unknown): ControlRequest {
  const subject = controlSubject(scope, verb);
  const request: ControlRequest = { subject, lattice: scope.lattice, mode: "queue" };
  return payload === undefined ? request : { ...request, payload };
}

function toEveryHost(scope: ControlScope, verb: ControlVerb, payload?: unknown): ControlRequest {
  return { ...toAnyHost(scope, verb, payload), mode: "broadcast" };
}

function query(request: ControlRequest): ControlRequest {
  return { ...request, query: true };
}

function withoutValues(map: object): Record<string, string> {
  return Object.fromEntries(Object.keys(map).map((key) => [key, replaced]));
}

/** Asks every host to show itself (wasmcloud-control §2.1). */
export function pingRequest(scope: ControlScope): ControlRequest {
  return query(toEveryHost(scope, { noun: "host", verb: "ping" }));
}

/** Asks any host for the claims it has seen (wasmcloud-control §2.3). */
export function claimsRequest(scope: ControlScope): ControlRequest {
  return query(toAnyHost(scope, { noun: "claims", verb: "get" }));
}

/** Asks which hosts would take a component (wasmcloud-control §2.4). */
export function componentAuctionRequest(scope: ControlScope, auction: ComponentAuction): ControlRequest {
  const { imageReference, componentId, constraints = {} } = auction;
  const payload = { component_ref: imageReference, component_id: componentId, constraints };
  return query(toEveryHost(scope, { noun: "component", verb: "auction" }, payload));
}

/** Asks which hosts would take a provider (wasmcloud-control §2.5). */
export function providerAuctionRequest(scope: ControlScope, auction: ProviderAuction): ControlRequest {
  const { imageReference, providerId, constraints = {} } = auction;
  const payload = { provider_ref: imageReference, provider_id: providerId, constraints };
  return query(toEveryHost(scope, { noun: "provider", verb: "auction" }, payload));
}

/** Stores a link, or replaces the one with the same source, target, package and name (wasmcloud-control §2.13). */
export function putLinkRequest(scope: ControlScope, link: PutLink): ControlRequest {
  return toAnyHost(
    scope,
    { noun: "link", verb: "put" },
    {
      source_id: link.sourceId,
      target: link.target,
      name: link.name ?? "default",
      wit_namespace: link.witNamespace,
      wit_package: link.witPackage,
      interfaces: link.interfaces,
      source_config: link.sourceConfig ?? [],
      target_config: link.targetConfig ?? [],
    },
  );
}

/** Deletes the first link with this key; target and interfaces are no part of it (wasmcloud-control §2.14). */
export function deleteLinkRequest(scope: ControlScope, key: LinkKey): ControlRequest {
  const payload = {
    source_id: key.sourceId,
    name: key.name ?? "default",
    wit_namespace: key.witNamespace,
    wit_package: key.witPackage,
  };
  return toAnyHost(scope, { noun: "link", verb: "del" }, payload);
}

/** Asks any host for the lattice's links (wasmcloud-control §2.15). */
export function linksRequest(scope: ControlScope): ControlRequest {
  return query(toAnyHost(scope, { noun: "link", verb: "get" }));
}

/** Stores a config as a whole (wasmcloud-control §2.16). */
export function putConfigRequest(scope: ControlScope, { name, values }: PutConfig): ControlRequest {
  const request = toAnyHost(scope, { noun: "config", verb: "put", id: name }, values);
  return { ...request, recordable: recordedValues(name, values), secretReply: isSecretName(name) };
}

/** Reads a config (wasmcloud-control §2.17). */
export function configRequest(scope: ControlScope, { name }: { name: string }): ControlRequest {
  const request = query(toAnyHost(scope, { noun: "config", verb: "get", id: name }));
  return isSecretName(name) ? { ...request, secretReply: true } : request;
}

/** Purges a config (wasmcloud-control §2.18). */
export function deleteConfigRequest(scope: ControlScope, { name }: { name: string }): ControlRequest {
  return toAnyHost(scope, { noun: "config", verb: "del", id: name });
}

/** Gives every host credentials of image registries (wasmcloud-control §2.19); they are replaced in `recordable`. */
export function registriesRequest(scope: ControlScope, registries: Registries): ControlRequest {
  const payload: Registries = {};
  const recordable: Registries = {};
  for (const [host, { registryType = "oci", ...credential }] of Object.entries(registries)) {
    payload[host] = { ...credential, registryType };
    recordable[host] = { ...withoutValues(credential), registryType };
  }
  const request = toEveryHost(scope, { noun: "registry", verb: "put" }, payload);
  return { ...request, recordable, secretReply: true };
}
