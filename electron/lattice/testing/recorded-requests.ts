import * as commands from "../client/control-commands.ts";
import * as lattice from "../client/control-lattice-commands.ts";
import type { ControlRequest, StringMap } from "../client/control-types.ts";
import type { ControlScope } from "../client/subjects.ts";

/** Where a request goes, out of its subject. */
export interface Addressee {
  scope: ControlScope;
  /** Noun and verb, such as `component.scale`. */
  verb: string;
  /** Host id, or the config's name. */
  id: string;
}

/** Takes a control subject apart (wasmcloud-control §1.1). */
export function addressee(subject: string): Addressee {
  const [topicPrefix = "", rest = ""] = subject.split(".v1.");
  const [name = "", noun = "", verb = "", ...id] = rest.split(".");
  return { scope: { topicPrefix, lattice: name }, verb: `${noun}.${verb}`, id: id.join(".") };
}

/** The fields of all requests together; which of them are there is the sender's affair. */
interface Body {
  component_ref: string;
  component_id: string;
  new_component_ref: string;
  provider_ref: string;
  provider_id: string;
  constraints: StringMap;
  annotations?: StringMap;
  component_limits?: StringMap;
  count: number;
  config: string[];
  allow_update?: boolean;
  timeout?: number;
  key: string;
  value: string;
  source_id: string;
  target: string;
  name?: string;
  wit_namespace: string;
  wit_package: string;
  interfaces: string[];
  source_config?: string[];
  target_config?: string[];
}

/** What an operator would ask the client for, read out of a request that somebody else's client sent. */
const makers: Record<string, (to: Addressee, body: Body) => ControlRequest> = {
  "host.ping": ({ scope }) => lattice.pingRequest(scope),
  "host.get": ({ scope, id: hostId }) => commands.inventoryRequest(scope, { hostId }),
  "host.stop": ({ scope, id: hostId }, { timeout: timeoutMs }) =>
    commands.stopHostRequest(scope, { hostId, timeoutMs }),
  "claims.get": ({ scope }) => lattice.claimsRequest(scope),
  "component.auction": ({ scope }, body) =>
    lattice.componentAuctionRequest(scope, {
      imageReference: body.component_ref,
      componentId: body.component_id,
      constraints: body.constraints,
    }),
  "provider.auction": ({ scope }, body) =>
    lattice.providerAuctionRequest(scope, {
      imageReference: body.provider_ref,
      providerId: body.provider_id,
      constraints: body.constraints,
    }),
  "component.scale": ({ scope, id: hostId }, body) =>
    commands.scaleRequest(scope, {
      hostId,
      imageReference: body.component_ref,
      componentId: body.component_id,
      maxInstances: body.count,
      annotations: body.annotations,
      limits: body.component_limits,
      config: body.config as string[],
      allowUpdate: body.allow_update,
    }),
  "component.update": ({ scope, id: hostId }, body) =>
    commands.updateRequest(scope, {
      hostId,
      componentId: body.component_id,
      newImageReference: body.new_component_ref,
      annotations: body.annotations,
    }),
  "provider.start": ({ scope, id: hostId }, body) =>
    commands.startProviderRequest(scope, {
      hostId,
      providerId: body.provider_id,
      imageReference: body.provider_ref,
      annotations: body.annotations,
      config: body.config,
    }),
  "provider.stop": ({ scope, id: hostId }, body) =>
    commands.stopProviderRequest(scope, { hostId, providerId: body.provider_id }),
  "label.put": ({ scope, id: hostId }, body) =>
    commands.putLabelRequest(scope, { hostId, key: body.key, value: body.value }),
  "label.del": ({ scope, id: hostId }, body) => commands.deleteLabelRequest(scope, { hostId, key: body.key }),
  "link.put": ({ scope }, body) =>
    lattice.putLinkRequest(scope, {
      sourceId: body.source_id,
      target: body.target,
      name: body.name,
      witNamespace: body.wit_namespace,
      witPackage: body.wit_package,
      interfaces: body.interfaces as string[],
      sourceConfig: body.source_config,
      targetConfig: body.target_config,
    }),
  "link.del": ({ scope }, body) =>
    lattice.deleteLinkRequest(scope, {
      sourceId: body.source_id,
      name: body.name,
      witNamespace: body.wit_namespace,
      witPackage: body.wit_package,
    }),
  "link.get": ({ scope }) => lattice.linksRequest(scope),
  "config.put": ({ scope, id: name }, body) =>
    lattice.putConfigRequest(scope, { name, values: body as unknown as StringMap }),
  "config.get": ({ scope, id: name }) => lattice.configRequest(scope, { name }),
  "config.del": ({ scope, id: name }) => lattice.deleteConfigRequest(scope, { name }),
  "registry.put": ({ scope }, body) =>
    lattice.registriesRequest(scope, body as unknown as lattice.Registries),
};

/** What our client sends in the place of a recorded request; throws where it would send nothing. */
export function ownRequest(subject: string, body: unknown): ControlRequest {
  const to = addressee(subject);
  const make = makers[to.verb];
  if (!make) throw new Error(`nobody sends ${to.verb}`);
  return make(to, (body === "" ? {} : body) as Body);
}
