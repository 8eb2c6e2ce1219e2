/** Set by the bundler; unknown to sources that run as they are. */
declare const __builtAt: string | undefined;

/** When this console was built, and the versions of what it runs on: how old they are decides how safe it is. */
export function buildInfo() {
  const { electron, chrome, node } = process.versions;
  return {
    builtAt: typeof __builtAt === "undefined" ? undefined : __builtAt,
    runtime: { electron, chromium: chrome, node },
  };
}
