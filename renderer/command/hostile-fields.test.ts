import { describe, expect, it } from "vitest";
import { intruder, runIn } from "./testing/run-commands.ts";
import { natsCommandOf, washCommandOf } from "./wire-commands.ts";

const shells = ["bash", "dash"].map((name) => `/bin/${name}`);

const hostile = [
  `x$(${intruder})`,
  `x\`${intruder}\``,
  `x;${intruder};`,
  `x\n${intruder}\n`,
  `x\r\n${intruder}`,
  `'; ${intruder} ;'`,
  `'"; ${intruder} ;"'`,
  `\\'; ${intruder} #`,
  `x&${intruder}&`,
  `x|${intruder}`,
  `x>written`,
  "x <(written)",
  "*",
  "~",
  "!!",
  "$HOME",
];

/** Every request that the console makes, with one text in all of its fields. */
function requests(text: string) {
  const subject = (tail: string) => `wasmbus.ctl.v1.default.${tail}`;
  const id = text.replaceAll(".", "_");
  const link = { source_id: text, target: text, wit_namespace: text, wit_package: text, name: text };
  const configs = { source_config: [text], target_config: [text], interfaces: [text] };
  const component = { component_id: text, component_ref: text, count: 3, new_component_ref: text };
  const provider = { provider_id: text, provider_ref: text, config: [text] };
  const payloads: [string, unknown][] = [
    [`host.get.${id}`, undefined],
    [`host.stop.${id}`, { host_id: text, timeout: text }],
    [`label.put.${id}`, { key: text, value: text }],
    [`label.del.${id}`, { key: text, value: text }],
    [`component.scale.${id}`, { ...component, count: text, annotations: { [text]: text }, config: [text] }],
    [`component.update.${id}`, component],
    [`provider.start.${id}`, provider],
    [`provider.stop.${id}`, provider],
    ["link.put", { ...link, ...configs }],
    ["link.del", link],
    [`config.put.${id}`, { [text]: text }],
    [`config.del.${id}`, {}],
    [`registry.put.${id}`, {}],
    ["component.auction", component],
  ];
  const known = payloads.map(([tail, payload]) => ({ address: subject(tail), payload }));
  const elsewhere = { address: `wasmbus.ctl.v1.${id}.link.put`, payload: link };
  return [...known, elsewhere].map((request) => ({ ...request, protocol: "nats" as const }));
}

describe.each(shells)("commands in %s", (shell) => {
  it.each(hostile)("run nothing of %j, and hand it over as it is", (text) => {
    const servers = { addresses: [text], requestTimeoutMs: 1_000 };
    const all = requests(text);
    const wash = runIn(shell, all.map((request) => washCommandOf(request, servers)).join("\n"));
    const nats = runIn(shell, all.map((request) => natsCommandOf(request, servers)).join("\n"));
    expect([...wash.strays, ...nats.strays]).toEqual([]);
    // wash has no command for registries and auctions.
    expect(wash.calls).toHaveLength(all.length - 2);
    expect(wash.calls.filter((words) => words.some((word) => word.includes(text)))).toHaveLength(
      all.length - 2,
    );
    expect(nats.calls.map((words) => words.at(-2))).toEqual(all.map(({ address }) => address));
  });
});
