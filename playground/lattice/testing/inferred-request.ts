import { requestedReference } from "./recorded-gaps.ts";
import type { RecordedEvent, RecordedStep } from "./recorded-steps.ts";
import { typeOf } from "./recorded-steps.ts";

type Fields = Record<string, unknown>;

function configsOf(error: unknown): string[] {
  const missing = /Config (\S+) does not exist/.exec(String(error))?.[1];
  if (missing !== undefined) return [missing];
  return String(error).includes("secret store") ? ["SECRET_of-somebody"] : [];
}

function scaleOf({ component_id, image_ref, max_instances, annotations, error }: Fields): Fields {
  return {
    component_id,
    component_ref: image_ref,
    count: max_instances,
    annotations,
    config: configsOf(error),
  };
}

const requests: Record<string, (data: Fields) => { verb: string; body: Fields }> = {
  component_scaled: (data) => ({ verb: "component.scale", body: scaleOf(data) }),
  component_scale_failed: (data) => ({ verb: "component.scale", body: scaleOf(data) }),
  provider_started: ({ provider_id, image_ref, annotations }) => ({
    verb: "provider.start",
    body: { provider_id, provider_ref: requestedReference(String(image_ref)), annotations, config: [] },
  }),
  provider_start_failed: ({ provider_id, provider_ref, error }) => ({
    verb: "provider.start",
    body: { provider_id, provider_ref, config: configsOf(error) },
  }),
  provider_stopped: ({ provider_id }) => ({ verb: "provider.stop", body: { provider_id } }),
  host_stopped: () => ({ verb: "host.stop", body: {} }),
};

const queued: Record<string, (data: Fields) => { verb: string; body: Fields | string }> = {
  linkdef_set: (link) => ({ verb: "link.put", body: link }),
  linkdef_set_failed: ({ error: _, ...link }) => ({ verb: "link.put", body: link }),
  linkdef_deleted: ({ target: _, interfaces: __, ...key }) => ({ verb: "link.del", body: key }),
  config_set: ({ config_name }) => ({ verb: `config.put.${config_name}`, body: {} }),
  config_deleted: ({ config_name }) => ({ verb: `config.del.${config_name}`, body: "" }),
};

function inferredSubject(event: RecordedEvent): { subject: string; body: unknown } | undefined {
  const { source, data } = event.body;
  const prefix = `wasmbus.ctl.v1.${event.subject.split(".")[2]}`;
  const type = typeOf(event);
  const shared = queued[type]?.(data);
  if (shared) return { subject: `${prefix}.${shared.verb}`, body: shared.body };
  const request = requests[type]?.(data);
  if (!request) return undefined;
  return { subject: `${prefix}.${request.verb}.${source}`, body: { ...request.body, host_id: source } };
}

/** The request that an event must have come from when the recording left it out. */
export function inferredStep(event: RecordedEvent, line: number): RecordedStep | undefined {
  const request = inferredSubject(event);
  if (!request) return undefined;
  return { line, inferred: true, at: Date.parse(event.at), ...request, replies: [], events: [event] };
}
