import { describe, expect, it } from "vitest";
import { assemble } from "./assemble.ts";

describe("something made of parts", () => {
  it("ends its parts in reverse order, once", async () => {
    const ended: string[] = [];
    const whole = await assemble(async (onStop) => {
      onStop(() => ended.push("server"));
      onStop(async () => ended.push("client"));
      return { name: "whole" };
    });
    expect(whole.name).toBe("whole");
    expect(ended).toEqual([]);
    await whole.stop();
    await whole.stop();
    expect(ended).toEqual(["client", "server"]);
  });

  it("ends what has started when a later part does not start", async () => {
    const ended: string[] = [];
    const whole = assemble(async (onStop) => {
      onStop(() => ended.push("server"));
      throw new Error("no client");
    });
    await expect(whole).rejects.toThrow("no client");
    expect(ended).toEqual(["server"]);
  });

  it("ends the others too when one part fails to end, and says so", async () => {
    const ended: string[] = [];
    const whole = await assemble(async (onStop) => {
      onStop(() => ended.push("server"));
      onStop(() => {
        throw new Error("stuck");
      });
      return {};
    });
    await expect(whole.stop()).rejects.toThrow("stuck");
    expect(ended).toEqual(["server"]);
  });
});
