import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Failure, type FailureData } from "../../../shared/contract/index.ts";
import * as commands from "./control-commands.ts";
import * as lattice from "./control-lattice-commands.ts";
import { encodePayload } from "./exchange.ts";
import { controlSubject } from "./subjects.ts";

const scope = { lattice: "default", topicPrefix: "wasmbus.ctl" };
const hostId = "NDO7WPL7O5NK6QMQBTQ74FU3NZMDA5C2CPKUZBLOTWA7WO4WIWN7UZ6P";
const component = { hostId, componentId: "orders-api" };
const scale = { ...component, imageReference: "r.test/a:1", maxInstances: 1, config: [] };
const link = { sourceId: "s", target: "t", witNamespace: "wasi", witPackage: "http", interfaces: ["i"] };

function failureOf(work: () => unknown): FailureData {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error.toData();
    throw error;
  }
  throw new Error("did not fail");
}

const sent = (request: { subject: string; payload?: unknown }) => [
  request.subject,
  new TextDecoder().decode(encodePayload(request.payload)),
];

describe("the wire form", () => {
  it("of a scale says count, always the host, and leaves out what was not given (wasmcloud-control §2.6, row 17, traps 1, 35)", () => {
    expect(sent(commands.scaleRequest(scope, scale))).toEqual([
      `wasmbus.ctl.v1.default.component.scale.${hostId}`,
      `{"component_ref":"r.test/a:1","component_id":"orders-api","count":1,"host_id":"${hostId}","config":[],"allow_update":false}`,
    ]);
    const full = {
      ...scale,
      annotations: { t: "x" },
      limits: { max_execution_time: "9" },
      allowUpdate: true,
    };
    expect(commands.scaleRequest(scope, full).payload).toMatchObject({
      annotations: { t: "x" },
      component_limits: { max_execution_time: "9" },
      allow_update: true,
    });
  });

  it.each([
    ["host.get", commands.inventoryRequest(scope, { hostId }), `host.get.${hostId}`, ""],
    [
      "host.stop sends at least an object, with the host that it goes to (row 49, trap 19)",
      commands.stopHostRequest(scope, { hostId }),
      `host.stop.${hostId}`,
      `{"host_id":"${hostId}"}`,
    ],
    [
      "host.stop counts milliseconds (trap 20)",
      commands.stopHostRequest(scope, { hostId, timeoutMs: 5000 }),
      `host.stop.${hostId}`,
      `{"host_id":"${hostId}","timeout":5000}`,
    ],
    [
      "component.update",
      commands.updateRequest(scope, { ...component, newImageReference: "R2" }),
      `component.update.${hostId}`,
      `{"component_id":"orders-api","host_id":"${hostId}","new_component_ref":"R2"}`,
    ],
    [
      "provider.start",
      commands.startProviderRequest(scope, { hostId, providerId: "p", imageReference: "R" }),
      `provider.start.${hostId}`,
      `{"provider_id":"p","provider_ref":"R","host_id":"${hostId}","config":[]}`,
    ],
    [
      "provider.stop",
      commands.stopProviderRequest(scope, { hostId, providerId: "p" }),
      `provider.stop.${hostId}`,
      `{"host_id":"${hostId}","provider_id":"p"}`,
    ],
    [
      "label.put",
      commands.putLabelRequest(scope, { hostId, key: "k", value: "" }),
      `label.put.${hostId}`,
      '{"key":"k","value":""}',
    ],
    [
      "label.del always with a value (trap 18)",
      commands.deleteLabelRequest(scope, { hostId, key: "k" }),
      `label.del.${hostId}`,
      '{"key":"k","value":""}',
    ],
    ["host.ping", lattice.pingRequest(scope), "host.ping", ""],
    ["claims.get", lattice.claimsRequest(scope), "claims.get", ""],
    [
      "component.auction with constraints at any rate",
      lattice.componentAuctionRequest(scope, { imageReference: "R", componentId: "a" }),
      "component.auction",
      '{"component_ref":"R","component_id":"a","constraints":{}}',
    ],
    [
      "provider.auction",
      lattice.providerAuctionRequest(scope, {
        imageReference: "R",
        providerId: "p",
        constraints: { z: "1" },
      }),
      "provider.auction",
      '{"provider_ref":"R","provider_id":"p","constraints":{"z":"1"}}',
    ],
    [
      "link.put with all eight fields",
      lattice.putLinkRequest(scope, link),
      "link.put",
      '{"source_id":"s","target":"t","name":"default","wit_namespace":"wasi","wit_package":"http","interfaces":["i"],"source_config":[],"target_config":[]}',
    ],
    [
      "link.del",
      lattice.deleteLinkRequest(scope, { sourceId: "s", witNamespace: "w", witPackage: "p", name: "n" }),
      "link.del",
      '{"source_id":"s","name":"n","wit_namespace":"w","wit_package":"p"}',
    ],
    ["link.get", lattice.linksRequest(scope), "link.get", ""],
    ["config.put", lattice.putConfigRequest(scope, { name: "c", values: {} }), "config.put.c", "{}"],
    ["config.get", lattice.configRequest(scope, { name: "a/b=c" }), "config.get.a/b=c", ""],
    ["config.del", lattice.deleteConfigRequest(scope, { name: "c" }), "config.del.c", ""],
    [
      "registry.put in camel case (trap 34)",
      lattice.registriesRequest(scope, { "r.test": { token: "t0ken" } }),
      "registry.put",
      '{"r.test":{"token":"t0ken","registryType":"oci"}}',
    ],
  ])("%s", (_, request, subject, text) => {
    expect(sent(request)).toEqual([`wasmbus.ctl.v1.default.${subject}`, text]);
  });

  it("is recorded as it is sent, but without secrets", () => {
    const plain = lattice.putConfigRequest(scope, { name: "c", values: { A: "1" } });
    expect(commands.describeRequest(plain)).toEqual({
      protocol: "nats",
      address: plain.subject,
      payload: { A: "1" },
    });
    const credentials = { "r.test": { username: "robot", password: "s3cret" }, other: {} };
    const registries = commands.describeRequest(lattice.registriesRequest(scope, credentials));
    expect(registries.payload).toEqual({
      "r.test": { username: "(secret)", password: "(secret)", registryType: "oci" },
      other: { registryType: "oci" },
    });
    const secret = commands.describeRequest(
      lattice.putConfigRequest(scope, { name: "SECRET_db", values: { p: "hunter2" } }),
    );
    expect(secret.payload).toEqual({ p: "(secret)" });
    expect(commands.describeRequest(lattice.pingRequest(scope))).not.toHaveProperty("payload");
  });
});

describe("what no subject may hold", () => {
  const cases: [string, string, () => unknown][] = [
    ["a host id with a space", "hostId", () => commands.inventoryRequest(scope, { hostId: `${hostId} ` })],
    ["an empty host id", "hostId", () => commands.stopHostRequest(scope, { hostId: "" })],
    ["a wildcard as host id", "hostId", () => commands.inventoryRequest(scope, { hostId: "*" })],
    [
      "a config name with a dot (row 35, trap 31)",
      "name",
      () => lattice.configRequest(scope, { name: "a.b" }),
    ],
    ["an empty config name (trap 31)", "name", () => lattice.deleteConfigRequest(scope, { name: "" })],
    ["an endless config name", "name", () => lattice.configRequest(scope, { name: "x".repeat(5_000) })],
    [
      "a lattice name with a dot (trap 32)",
      "lattice",
      () => lattice.pingRequest({ ...scope, lattice: "a.b" }),
    ],
    ["a lattice name with a wildcard", "lattice", () => lattice.pingRequest({ ...scope, lattice: "*" })],
    [
      "a prefix with an empty token",
      "topicPrefix",
      () => lattice.pingRequest({ ...scope, topicPrefix: "x..y" }),
    ],
  ];
  it.each(cases)("is %s, and the field %s is named", (_, path, build) => {
    const failure = failureOf(build);
    expect(failure).toMatchObject({ code: "invalid_input", details: { delivered: false } });
    expect(((failure.details?.fields ?? []) as { path: string }[]).map((field) => field.path)).toContain(
      path,
    );
  });
});

describe("any subject that can be built", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "*", ">", "a.b", "a b", "a\r\nPUB x 0", "default", "é"),
  );
  const literal = (subject: string) =>
    expect(subject.split(".").every((token) => /^[^\s*>]+$/.test(token))).toBe(true);

  it("has only literal tokens and the number it should have", () => {
    void fc.assert(
      fc.property(text, text, text, (name, prefix, id) => {
        try {
          const subject = controlSubject(
            { lattice: name, topicPrefix: prefix },
            { noun: "config", verb: "get", id },
          );
          literal(subject);
          expect(subject.split(".")).toHaveLength(prefix.split(".").length + 5);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});
