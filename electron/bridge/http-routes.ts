import type { Params, Result } from "hono/router";
import { RegExpRouter } from "hono/router/reg-exp-router";
import { SmartRouter } from "hono/router/smart-router";
import { TrieRouter } from "hono/router/trie-router";
import { Failure } from "../../shared/contract/index.ts";
import { decodePercent } from "./http-input.ts";

export interface Route<Target> {
  method: string;
  /** Such as `/api/jobs/{id}`. */
  path: string;
  target: Target;
}

const methods = ["GET", "POST", "PUT", "DELETE"];

/** Finds what answers a method and a path. */
export class RouteTable<Target> {
  private readonly router = new SmartRouter<Target>({ routers: [new RegExpRouter(), new TrieRouter()] });

  constructor(routes: readonly Route<Target>[]) {
    for (const { method, path, target } of [...routes].sort(fixedPathsFirst))
      this.router.add(method, path.replace(/\{(\w+)\}/g, ":$1"), target);
  }

  /** The target and the fields of the path. Throws `not_found`, or `invalid_input` for a field that is not percent-encoded. */
  find(method: string, path: string): { target: Target; fields: Record<string, string> } {
    const found = firstOf(this.router.match(method === "HEAD" ? "GET" : method, path));
    if (!found) throw this.notFound(method, path);
    return found;
  }

  private notFound(method: string, path: string): Failure {
    const others = methods.filter((other) => this.router.match(other, path)[0].length > 0);
    const known = others.length > 0 ? `It takes ${others.join(" and ")}. ` : "";
    return new Failure({
      code: "not_found",
      message: `There is no ${method} ${path.slice(0, 200)}.`,
      hint: `${known}GET /api/openapi.json lists all routes.`,
    });
  }
}

/** `/events/export` has to be tried before `/events/{sequence}`. */
function fixedPathsFirst(a: Route<unknown>, b: Route<unknown>): number {
  return a.path.split("{").length - b.path.split("{").length;
}

/** Of several that fit the first; some of the routers give the fields themselves, others their places in a list. */
function firstOf<Target>([handlers, stash]: Result<Target>) {
  const [first] = handlers;
  if (!first) return undefined;
  const [target, parameters] = first;
  const fields: Params = {};
  for (const name in parameters) {
    const value = parameters[name] as string | number;
    fields[name] = decodePercent(typeof value === "number" ? (stash?.[value] ?? "") : value, name);
  }
  return { target, fields };
}
