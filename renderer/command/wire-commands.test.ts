import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasHidden } from "../ui/hidden-characters.ts";
import { writtenLines } from "./testing/written.ts";
import { natsCommandOf, washCommandOf } from "./wire-commands.ts";

const host = "NDO7WPL7O5NK6QMQBTQ74FU3NZMDA5C2CPKUZBLOTWA7WO4WIWN7UZ6P";
const servers = { addresses: ["tls://nats.example.test:4222"], requestTimeoutMs: 2_500 };

/** What a shell hands to the program of a command, one word each. */
function wordsOf(command: string): string[] {
  const line = command.slice(command.lastIndexOf("\n") + 1);
  const printed = execFileSync("/bin/sh", ["-c", `printf '%s\\0' ${line}`]).toString();
  return printed.split("\0").slice(0, -1);
}

function wash(tail: string, payload?: unknown): string[] {
  const address = `acme.v1.tools.v1.shop.${tail}`;
  return wordsOf(writtenLines(washCommandOf({ protocol: "nats", address, payload }, undefined)));
}

const lattice = ["--lattice", "shop"];

describe("washCommandOf", () => {
  it.each([
    ["host.stop", { host_id: host }, ["wash", "stop", "host", host]],
    ["label.put", { key: "zone", value: "eu 1" }, ["wash", "label", host, "zone=eu 1"]],
    ["label.del", { key: "zone", value: "" }, ["wash", "label", host, "zone", "--delete"]],
    [
      "component.update",
      { component_id: "cart", new_component_ref: "x/cart:2", host_id: host },
      ["wash", "update", "component", "cart", "x/cart:2", "--host-id", host],
    ],
    [
      "provider.start",
      { provider_id: "http", provider_ref: "x/http:1", host_id: host, config: ["a", "b"] },
      [
        ...["wash", "start", "provider", "x/http:1", "http", "--host-id", host],
        ...["--config", "a", "--config", "b"],
      ],
    ],
    [
      "provider.stop",
      { provider_id: "http", host_id: host },
      ["wash", "stop", "provider", "http", "--host-id", host],
    ],
  ])("speaks for %s on a host", (verb, payload, words) => {
    expect(wash(`${verb}.${host}`, payload)).toEqual([...words, ...lattice]);
  });

  it("speaks for links and configs, and leaves out the name that wash takes by itself", () => {
    const key = { source_id: "http", wit_namespace: "wasi", wit_package: "http" };
    const ends = {
      target: "cart",
      interfaces: ["incoming-handler"],
      source_config: ["port"],
      target_config: [],
    };
    expect(wash("link.put", { ...key, ...ends, name: "default" })).toEqual([
      ...["wash", "link", "put", "http", "cart", "wasi", "http"],
      ...["--interface", "incoming-handler", "--source-config", "port", ...lattice],
    ]);
    expect(wash("link.del", { ...key, name: "second" })).toEqual([
      ...["wash", "link", "del", "http", "wasi", "http", "--link-name", "second", ...lattice],
    ]);
    expect(wash("config.put.cart", { A: "1", B: "it's" })).toEqual([
      ...["wash", "config", "put", "cart", "A=1", "B=it's", ...lattice],
    ]);
    expect(wash("config.del.cart")).toEqual(["wash", "config", "del", "cart", ...lattice]);
  });

  it("says what wash cannot send, and that it has no command for registries", () => {
    const request = (tail: string, payload: unknown) =>
      writtenLines(
        washCommandOf({ protocol: "nats", address: `wasmbus.ctl.v1.default.${tail}`, payload }, servers),
      );
    expect(request(`host.stop.${host}`, { timeout: 500 })).toMatch(/^# wash sends no timeout/);
    expect(request(`component.update.${host}`, { annotations: { team: "a" } })).toMatch(/^# .*annotations/);
    expect(request("registry.put", {})).toBe("# wash has no command for wasmbus.ctl.v1.default.registry.put");
    expect(request("config.put.SECRET_a", { key: "(secret)" })).toMatch(/^# Secrets are not kept/);
    expect(request(`host.stop.${host}`, {})).toContain("--ctl-host nats.example.test --ctl-port 4222");
  });

  it("keeps every value as it was through a shell", () => {
    const legal = fc.string({ minLength: 1 }).filter((text) => !hasHidden(text));
    fc.assert(
      fc.property(legal, legal, (key, value) => {
        expect(wash("config.put.any", { [`k${key}`]: value })).toContain(`k${key}=${value}`);
      }),
      { numRuns: 40 },
    );
  });
});

describe("natsCommandOf", () => {
  it("sends the recorded bytes to the recorded subject", () => {
    const request = {
      protocol: "nats",
      address: "wasmbus.ctl.v1.default.link.put",
      payload: { it: "'s" },
    } as const;
    expect(wordsOf(writtenLines(natsCommandOf(request, servers)))).toEqual([
      ...["nats", "request", "--server", "tls://nats.example.test:4222", "--timeout", "3s"],
      ...["wasmbus.ctl.v1.default.link.put", `{"it":"'s"}`],
    ]);
    expect(writtenLines(natsCommandOf({ ...request, payload: undefined }, undefined))).toBe(
      "nats request wasmbus.ctl.v1.default.link.put ''",
    );
  });
});
