import type { Option } from "./options.ts";

/** The body of a control request (wasmcloud-control §2). */
export type ControlPayload = Readonly<Record<string, unknown>>;

/** What a wash command is made of, each word as it is, and what the same request would have that wash cannot send. */
export interface WashWords {
  /** Such as `config put`. */
  verb: string;
  values: readonly string[];
  options: readonly Option[];
  notes: readonly string[];
}

interface Verb {
  /** Noun and verb of the subject, such as `component.scale`. */
  name: string;
  /** Host id, or the config's name. */
  id: string;
}

type Speaker = (payload: ControlPayload, id: string) => WashWords;

/** What wash 1.x says for each control request (wasmcloud-control §6.5); undefined where it has no command. */
export function washWords(verb: Verb, payload: ControlPayload): WashWords | undefined {
  return speakers[verb.name]?.(payload, verb.id);
}

const speakers: Record<string, Speaker> = {
  "host.get": (_payload, host) => said("get inventory", [host]),
  "host.stop": ({ timeout }, host) =>
    said("stop host", [host], [], timeout !== undefined && "wash sends no timeout: the host takes its own."),
  "label.put": ({ key, value }, host) =>
    said(
      "label",
      [host, `${text(key)}=${text(value)}`],
      [],
      `${text(key)}${text(value)}`.includes(",") && "wash takes a comma for the end of a label.",
    ),
  "label.del": ({ key }, host) => said("label", [host, text(key)], [["--delete"]]),
  "component.scale": scale,
  "component.update": (payload, host) =>
    said(
      "update component",
      [text(payload.component_id), text(payload.new_component_ref)],
      [["--host-id", host]],
      hasEntries(payload.annotations) && "wash sends no annotations: an update removes those that it has.",
    ),
  "provider.start": (payload, host) =>
    said(
      "start provider",
      [text(payload.provider_ref), text(payload.provider_id)],
      [["--host-id", host], ...repeated("--config", payload.config)],
      hasEntries(payload.annotations) && "wash sends no annotations with a provider.",
    ),
  "provider.stop": (payload, host) =>
    said("stop provider", [text(payload.provider_id)], [["--host-id", host]]),
  "link.put": (payload) =>
    said(
      "link put",
      [text(payload.source_id), text(payload.target), ...packageOf(payload)],
      [
        ...linkName(payload),
        ...repeated("--interface", payload.interfaces),
        ...repeated("--source-config", payload.source_config),
        ...repeated("--target-config", payload.target_config),
      ],
    ),
  "link.del": (payload) =>
    said("link del", [text(payload.source_id), ...packageOf(payload)], linkName(payload)),
  "config.put": (payload, name) => said("config put", [name, ...pairs(payload)]),
  "config.del": (_payload, name) => said("config del", [name]),
};

/** A start is a scale on the wire too, and `wash scale` can say more of it than `wash start` (wasmcloud-control §2.6). */
function scale(payload: ControlPayload, host: string): WashWords {
  return said(
    "scale component",
    [host, text(payload.component_ref), text(payload.component_id)],
    [
      ["--max-instances", text(payload.count)],
      ...repeated("--annotations", pairs(payload.annotations)),
      ...repeated("--config", payload.config),
    ],
    hasEntries(payload.component_limits) && "wash cannot send limits: this removes those that it has.",
  );
}

function said(
  verb: string,
  values: readonly string[],
  options: readonly Option[] = [],
  ...notes: (string | false)[]
): WashWords {
  return { verb, values, options, notes: notes.filter((note) => note !== false) };
}

function packageOf(payload: ControlPayload): string[] {
  return [text(payload.wit_namespace), text(payload.wit_package)];
}

function linkName(payload: ControlPayload): Option[] {
  const name = text(payload.name);
  return name === "" || name === "default" ? [] : [["--link-name", name]];
}

function repeated(flag: string, values: unknown): Option[] {
  return Array.isArray(values) ? values.map((value) => [flag, text(value)]) : [];
}

function pairs(map: unknown): string[] {
  if (typeof map !== "object" || map === null) return [];
  return Object.entries(map).map(([key, value]) => `${key}=${text(value)}`);
}

function hasEntries(map: unknown): boolean {
  return typeof map === "object" && map !== null && Object.keys(map).length > 0;
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}
