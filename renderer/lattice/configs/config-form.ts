import { type InputFor, operations } from "../../../shared/catalogue.ts";
import { isSecretName } from "../../../shared/lattice/inputs.ts";

export interface Pair {
  /** Tells the lines of the form apart, whatever is written in them. */
  id: string;
  key: string;
  value: string;
}

/** A config as the fields of the dialog hold it. */
export interface ConfigForm {
  name: string;
  pairs: Pair[];
}

interface Place {
  connectionId: string;
  lattice: string;
}

/** The form of a config that is there, or an empty one. The values of a secret reference are never read back. */
export function configFormOf(name = "", values: Readonly<Record<string, string>> = {}): ConfigForm {
  const secret = isSecretName(name);
  const pairs = Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => pairOf(key, secret ? "" : value));
  return { name, pairs: pairs.length > 0 ? pairs : [pairOf()] };
}

/** A line of the form. */
export function pairOf(key = "", value = ""): Pair {
  return { id: crypto.randomUUID(), key, value };
}

/** What is written, without the lines that are empty. */
export function valuesOf({ pairs }: Pick<ConfigForm, "pairs">): Record<string, string> {
  return Object.fromEntries(pairs.filter(isWritten).map(({ key, value }) => [key, value]));
}

/** What is asked of the preview, which tells of secrets no more than the keys: so they need not be sent. */
export function previewInputOf(place: Place, form: ConfigForm): InputFor<"lattice.configs.preview-put"> {
  const values = valuesOf(form);
  const name = form.name.trim();
  if (!isSecretName(name)) return { ...place, name, values };
  return { ...place, name, values: Object.fromEntries(Object.keys(values).map((key) => [key, ""])) };
}

/** What is wrong, by field of the form; empty when it can be put. */
export function configErrors(form: ConfigForm): Record<string, string> {
  const errors: Record<string, string> = {};
  const input = previewInputOf({ connectionId: "any", lattice: "any" }, form);
  const parsed = operations["lattice.configs.put"].input.safeParse(input);
  for (const { path, message } of parsed.error?.issues ?? []) errors[String(path[0])] = message;
  const secret = isSecretName(form.name.trim());
  const keys = new Set<string>();
  form.pairs.forEach((pair, index) => {
    if (!isWritten(pair)) return;
    const { key } = pair;
    if (key.trim() === "") errors[`pairs.${index}.key`] = "a value needs a key";
    else if (key !== key.trim()) errors[`pairs.${index}.key`] = "no spaces at its ends";
    else if (keys.has(key)) errors[`pairs.${index}.key`] = `${key} is there twice`;
    if (secret && pair.value === "") errors[`pairs.${index}.value`] = "write it again: it is not shown";
    keys.add(key);
  });
  return errors;
}

/** Reads lines such as `KEY=value`, or an object of texts in JSON; undefined where it is neither. */
export function readPairs(text: string): [key: string, value: string][] | undefined {
  if (text.trimStart().startsWith("{")) return readJson(text);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const pairs = lines.map((line) => /^\s*(?:export\s+)?([^=\s]+)\s*=(.*)$/.exec(line));
  if (pairs.length === 0 || pairs.includes(null)) return undefined;
  return pairs.map((match) => [match?.[1] ?? "", match?.[2] ?? ""]);
}

function readJson(text: string): [string, string][] | undefined {
  try {
    const entries = Object.entries(JSON.parse(text) as object);
    return entries.every(([, value]) => typeof value === "string") ? entries : undefined;
  } catch {
    return undefined;
  }
}

function isWritten({ key, value }: Pair): boolean {
  return key !== "" || value !== "";
}
