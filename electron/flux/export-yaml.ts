import { type Document, isAlias, parseAllDocuments, stringify, visit } from "yaml";
import { SharedTime } from "./shared-time.ts";

const droppedAnnotations = new Set([
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
  "kubernetes.io/change-cause",
]);

type Mapping = Record<string, unknown>;

/** Characters of one resource. A cluster keeps none that is larger than 1.5 MiB, and workloads are far smaller. */
const largestDocument = 512 * 1024;

/**
 * An export as it would stand in a repository: without status and what the cluster adds (flux-rpc §5.2, save). One
 * resource after the other, so that the console goes on meanwhile. Throws an Error for text that is not YAML.
 */
export async function cleanExport(text: string): Promise<string> {
  const time = new SharedTime(Number.POSITIVE_INFINITY);
  const cleaned: string[] = [];
  for (const piece of documentTexts(text)) {
    await time.pause();
    for (const resource of resourcesOf(piece)) cleaned.push(stringify(cleanResource(resource)));
  }
  return cleaned.join("---\n");
}

/** The texts of the documents; a line that begins with `---` can stand nowhere else than before one. */
function* documentTexts(text: string): Generator<string> {
  let directives = "";
  for (const piece of text.split(/^(?=---(?:\s|$))/m)) {
    if (piece.startsWith("%")) directives += piece;
    else {
      yield directives + piece;
      directives = "";
    }
  }
  if (directives !== "") yield directives;
}

function resourcesOf(text: string): Mapping[] {
  if (text.length > largestDocument)
    throw new Error(
      `a resource is larger than ${largestDocument / 1024} KiB: no cluster keeps such workloads`,
    );
  // Whether a key comes twice would be looked for among all others of its map, for each of them.
  const documents = parseAllDocuments(text, { uniqueKeys: false });
  return (Array.isArray(documents) ? documents : []).map(plainValue).filter(isMapping);
}

function plainValue(document: Document): unknown {
  const [error] = document.errors;
  if (error) throw new Error(error.message);
  // What each stands for would be looked for in the whole document. Exports have none.
  visit(document, (_key, node) => {
    if (isAlias(node)) throw new Error("a resource refers to another place of the text (*alias)");
  });
  return document.toJS() as unknown;
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
