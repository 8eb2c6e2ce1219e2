/** The body of a control request (wasmcloud-control §2). */
export type ControlPayload = Readonly<Record<string, unknown>>;

/** Words of a wash command as they are, quoted by whoever makes a line of them, and what the same request would have that wash cannot send. */
export interface WashWords {
  words: readonly string[];
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
  "host.get": (_payload, host) => said(["get", "inventory", host]),
  "host.stop": ({ timeout }, host) =>
    said(["stop", "host", host], timeout !== undefined && "wash sends no timeout: the host takes its own."),
  "label.put": ({ key, value }, host) =>
    said(
      ["label", host, `${text(key)}=${text(value)}`],
      `${text(key)}${text(value)}`.includes(",") && "wash takes a comma for the end of a label.",
    ),
  "label.del": ({ key }, host) => said(["label", host, text(key), "--delete"]),
  "component.scale": scale,
  "component.update": (payload, host) =>
    said(
      ["update", "component", text(payload.component_id), text(payload.new_component_ref), "--host-id", host],
      hasEntries(payload.annotations) && "wash sends no annotations: an update removes those that it has.",
    ),
  "provider.start": (payload, host) =>
    said(
      [
        "start",
        "provider",
        text(payload.provider_ref),
        text(payload.provider_id),
        "--host-id",
        host,
        ...repeated("--config", payload.config),
      ],
      hasEntries(payload.annotations) && "wash sends no annotations with a provider.",
    ),
  "provider.stop": (payload, host) =>
    said(["stop", "provider", text(payload.provider_id), "--host-id", host]),
  "link.put": (payload) =>
    said([
      "link",
      "put",
      text(payload.source_id),
      text(payload.target),
      ...interfaceOf(payload),
      ...repeated("--interface", payload.interfaces),
      ...repeated("--source-config", payload.source_config),
      ...repeated("--target-config", payload.target_config),
    ]),
  "link.del": (payload) => said(["link", "del", text(payload.source_id), ...interfaceOf(payload)]),
  "config.put": (payload, name) => said(["config", "put", name, ...pairs(payload)]),
  "config.del": (_payload, name) => said(["config", "del", name]),
};

/** A start is a scale on the wire too, and `wash scale` can say more of it than `wash start` (wasmcloud-control §2.6). */
function scale(payload: ControlPayload, host: string): WashWords {
  return said(
    [
      "scale",
      "component",
      host,
      text(payload.component_ref),
      text(payload.component_id),
      "--max-instances",
      text(payload.count),
      ...pairs(payload.annotations).flatMap((pair) => ["--annotations", pair]),
      ...repeated("--config", payload.config),
    ],
    hasEntries(payload.component_limits) && "wash cannot send limits: this removes those that it has.",
  );
}

function said(words: readonly string[], ...notes: (string | false)[]): WashWords {
  return { words, notes: notes.filter((note) => note !== false) };
}

function interfaceOf(payload: ControlPayload): string[] {
  const name = text(payload.name);
  const words = [text(payload.wit_namespace), text(payload.wit_package)];
  return name === "" || name === "default" ? words : [...words, "--link-name", name];
}

function repeated(flag: string, values: unknown): string[] {
  return Array.isArray(values) ? values.flatMap((value) => [flag, text(value)]) : [];
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
