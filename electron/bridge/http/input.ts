import { z } from "zod";
import { canonicalJson, type Operation } from "../../../shared/contract/index.ts";
import { decodePercent, givenTwice, type HttpContext, parseJson, readQuery } from "./request.ts";

type FieldKind = "string" | "number" | "boolean" | "json";

/** Reads one operation's input from the three places where HTTP puts it. */
export class HttpInput {
  private readonly kinds: Map<string, FieldKind>;
  /** The names of the path's fields, each where it stands. */
  private readonly steps: (string | undefined)[];

  constructor({ input, path }: Pick<Operation, "input" | "path">) {
    const schema = z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as {
      properties?: Record<string, { type?: string }>;
    };
    this.kinds = new Map(
      Object.entries(schema.properties ?? {}).map(([name, field]) => [name, fieldKind(field.type)]),
    );
    this.steps = `/api${path}`.split("/").map((step) => /^\{(\w+)\}$/.exec(step)?.[1]);
  }

  /** Throws `invalid_input` for text that is not of its field's kind, and for a field that two places give differently. */
  read(c: HttpContext): unknown {
    const input = { ...c.var.body };
    for (const place of [readQuery(c), this.pathFields(c.req.path)])
      for (const name in place) {
        const value = this.value(name, place[name] as string);
        if (Object.hasOwn(input, name) && canonicalJson(input[name]) !== canonicalJson(value))
          throw givenTwice(name);
        input[name] = value;
      }
    return input;
  }

  private pathFields(path: string): Record<string, string> {
    const texts = path.split("/");
    const fields: Record<string, string> = {};
    for (const [at, name] of this.steps.entries())
      if (name) fields[name] = decodePercent(texts[at] ?? "", name);
    return fields;
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
