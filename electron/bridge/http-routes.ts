import { Failure } from "../../shared/contract/index.ts";
import { decodePercent } from "./http-input.ts";

interface Route<Target> {
  target: Target;
  /** Names of the fields, in the order of the path. */
  fields: readonly string[];
}

interface Branch<Target> {
  fixed: Map<string, Branch<Target>>;
  field?: Branch<Target>;
  routes: Map<string, Route<Target>>;
}

interface Search {
  method: string;
  words: readonly string[];
  values: string[];
  /** Methods under which the path is known. */
  others: Set<string>;
}

/** Finds what answers a method and a path; where a fixed word and a field both fit, the fixed word comes first. */
export class RouteTable<Target> {
  private readonly root: Branch<Target> = newBranch();

  /** Adds a path such as `/api/jobs/{id}`. */
  add(method: string, path: string, target: Target): void {
    const fields: string[] = [];
    let branch = this.root;
    for (const word of path.split("/")) {
      const field = /^\{(\w+)\}$/.exec(word)?.[1];
      if (field) fields.push(field);
      branch = field ? fieldBranch(branch) : fixedBranch(branch, word);
    }
    branch.routes.set(method, { target, fields });
  }

  /** The target and the fields of the path. Throws `not_found`, or `invalid_input` for a field that is not percent-encoded. */
  find(method: string, path: string): { target: Target; fields: Record<string, string> } {
    const search = {
      method: method === "HEAD" ? "GET" : method,
      words: path.split("/"),
      values: [],
      others: new Set<string>(),
    };
    const route = seek(this.root, search, 0);
    if (!route) throw notFound(method, path, search.others);
    return { target: route.target, fields: named(route.fields, search.values) };
  }
}

function seek<Target>(branch: Branch<Target>, search: Search, at: number): Route<Target> | undefined {
  const word = search.words[at];
  if (word === undefined) {
    for (const method of branch.routes.keys()) search.others.add(method);
    return branch.routes.get(search.method);
  }
  const fixed = branch.fixed.get(word);
  const found = fixed && seek(fixed, search, at + 1);
  if (found || !branch.field || word === "") return found;
  search.values.push(word);
  const below = seek(branch.field, search, at + 1);
  if (!below) search.values.pop();
  return below;
}

function named(fields: readonly string[], values: readonly string[]): Record<string, string> {
  const all: Record<string, string> = {};
  fields.forEach((field, at) => {
    all[field] = decodePercent(values[at] as string, field);
  });
  return all;
}

function notFound(method: string, path: string, others: ReadonlySet<string>): Failure {
  const known = others.size > 0 ? `It takes ${[...others].join(" and ")}. ` : "";
  return new Failure({
    code: "not_found",
    message: `There is no ${method} ${path.slice(0, 200)}.`,
    hint: `${known}GET /api/openapi.json lists all routes.`,
  });
}

function newBranch<Target>(): Branch<Target> {
  return { fixed: new Map(), routes: new Map() };
}

function fieldBranch<Target>(branch: Branch<Target>): Branch<Target> {
  branch.field ??= newBranch();
  return branch.field;
}

function fixedBranch<Target>({ fixed }: Branch<Target>, word: string): Branch<Target> {
  const next = fixed.get(word) ?? newBranch<Target>();
  fixed.set(word, next);
  return next;
}
