import { describe, expect, it } from "vitest";
import { DaemonApplicationError, daemonFailure, ServerError } from "./rpc-errors.ts";

describe("what a daemon says no with", () => {
  it.each([
    ["resource name may not be empty", "--k8s-allow-namespace"],
    ["cannot make a working clone of a read-only git repo", "--git-readonly"],
    ["git repo does not have valid config", "--git-url"],
    [
      "git repo not ready: git clone --mirror: fatal: no, full output:\n Cloning into bare repository",
      "repository",
    ],
  ])("%j has a hint that fits", (message, hint) => {
    const failure = daemonFailure(new ServerError(message), "shop").toData();
    expect(failure).toMatchObject({ code: "upstream_refused", upstream: message });
    expect(failure.hint).toContain(hint);
    expect(failure.message).not.toContain("full output");
  });

  it("is out of time where its explanation speaks of manifests, and the cause is another", () => {
    const error = "running git command: git [rev-list HEAD]: context deadline exceeded";
    const help = "Unable to parse files as manifests\n\nFlux was unable to parse the files";
    const failure = daemonFailure(new DaemonApplicationError({ type: "user", help, error }, null), "shop");
    expect(failure).toMatchObject({ code: "timeout", hint: expect.stringContaining("--rpc-timeout") });
  });
});
