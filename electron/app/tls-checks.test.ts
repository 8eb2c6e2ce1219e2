import { expect, test, vi } from "vitest";

test("certificates are checked, whatever the environment says", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  try {
    await import("./tls-checks.ts");
    expect(process.env.NODE_TLS_REJECT_UNAUTHORIZED).toBeUndefined();
  } finally {
    vi.unstubAllEnvs();
  }
});
