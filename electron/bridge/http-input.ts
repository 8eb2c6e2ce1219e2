import { z } from "zod";
import { canonicalJson, Failure, type Operation } from "../../shared/contract/index.ts";

type FieldKind = "string" | "number" | "boolean" | "json";

/** Reads one operation's input from the three places where HTTP puts it. */
export class HttpInput {
  private readonly kinds: Map<string, FieldKind>;

  constructor(operation: Operation) {
    const schema = z.toJSONSchema(operation.input, { io: "input", unrepresentable: "any" }) as {
      properties?: Record<string, { type?: string }>;
    };
    this.kinds = new Map(
      Object.entries(schema.properties ?? {}).map(([name, field]) => [name, fieldKind(field.type)]),
    );
  }

  /** Throws `invalid_input` for text that is not of its field's kind, and for a field that two places tell differently. */
  merge(parts: {
    body: Record<string, unknown>;
    query: Record<string, string>;
    path: Record<string, string>;
  }): unknown {
    const input = { ...parts.body };
    for (const place of [parts.query, parts.path])
      for (const name in place) {
        const value = this.value(name, place[name] as string);
        if (Object.hasOwn(input, name) && canonicalJson(input[name]) !== canonicalJson(value))
          throw toldTwice(name);
        input[name] = value;
      }
    return input;
  }

  private value(name: string, text: string): unknown {
    const kind = this.kinds.get(name) ?? "string";
    if (kind === "string") return text;
    if (kind === "number") return text.trim() === "" ? text : Number(text);
    if (kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
    return parseJson(text, name);
  }
}

function fieldKind(type: string | undefined): FieldKind {
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "boolean";
  return type === "array" || type === "object" ? "json" : "string";
}

/** JSON text of a field or a body; throws `invalid_input` naming it. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure({
      code: "invalid_input",
      message: `${name}: this is not JSON.`,
      details: { fields: [{ path: name, message: "not JSON" }] },
    });
  }
}

/** The fields of a query; throws `invalid_input` where one has several values. */
export function readQuery(query: string): Record<string, string> {
  const fields: Record<string, string> = {};
  if (query === "") return fields;
  for (const [name, text] of new URLSearchParams(query)) {
    if (Object.hasOwn(fields, name) && fields[name] !== text) throw toldTwice(name);
    fields[name] = text;
  }
  return fields;
}

function toldTwice(name: string): Failure {
  const message = "given twice with different values";
  return new Failure({
    code: "invalid_input",
    message: `${name}: ${message}.`,
    details: { fields: [{ path: name, message }] },
    hint: "Nothing was done. Give each field once: in the path, in the query, or in the body.",
  });
}

/** Percent-encoded text; throws `invalid_input` naming where it stands. */
export function decodePercent(text: string, name: string): string {
  try {
    return text.includes("%") ? decodeURIComponent(text) : text;
  } catch {
    throw new Failure({ code: "invalid_input", message: `${name}: this has to be percent-encoded.` });
  }
}
