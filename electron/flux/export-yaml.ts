import { parseAllDocuments, stringify } from "yaml";

const droppedAnnotations = new Set([
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
  "kubernetes.io/change-cause",
]);

type Mapping = Record<string, unknown>;

/** An export as it would stand in a repository: without status and what the cluster adds (flux-rpc §5.2, save). Throws an Error for text that is not YAML. */
export function cleanExport(text: string): string {
  const documents = parseAllDocuments(text);
  const list = Array.isArray(documents) ? documents : [];
  return list
    .map((document) => {
      const [error] = document.errors;
      if (error) throw new Error(error.message);
      return document.toJS() as unknown;
    })
    .filter(isMapping)
    .map((resource) => stringify(cleanResource(resource)))
    .join("---\n");
}

function cleanResource({ apiVersion, kind, metadata, spec }: Mapping): unknown {
  const { name, namespace, labels, annotations } = isMapping(metadata) ? metadata : {};
  const kept = isMapping(annotations)
    ? Object.fromEntries(Object.entries(annotations).filter(([key]) => !droppedAnnotations.has(key)))
    : undefined;
  return withoutNothing({
    apiVersion,
    kind,
    metadata: { name, namespace, labels, annotations: kept },
    spec: withoutCreation(spec),
  });
}

function withoutCreation(spec: unknown): unknown {
  if (!isMapping(spec) || !isMapping(spec.template) || !isMapping(spec.template.metadata)) return spec;
  const { creationTimestamp: _dropped, ...metadata } = spec.template.metadata;
  return { ...spec, template: { ...spec.template, metadata } };
}

/** Without nulls and maps that hold nothing. */
function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (!isMapping(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withoutNothing(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isNothing(member)));
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (isMapping(value) && Object.keys(value).length === 0);
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
