import { describe, expect, it } from "vitest";
import { SharedTime, withComputedImages } from "./image-order.ts";
import type { WireContainer, WireImageInfo } from "./wire.ts";

const image = "registry.example.com/shop/checkout";

function info(tag: string, day: number): WireImageInfo {
  return { ID: `${image}:${tag}`, CreatedAt: `2031-01-${String(day).padStart(2, "0")}T00:00:00Z` };
}

function container(current: string, available: WireImageInfo[]): WireContainer {
  return {
    Name: "web",
    Current: available.find(({ ID }) => ID === `${image}:${current}`) ?? { ID: "" },
    LatestFiltered: { ID: "" },
    Available: available,
    AvailableError: "",
    AvailableImagesCount: 0,
    NewAvailableImagesCount: 0,
    FilteredImagesCount: 0,
    NewFilteredImagesCount: 0,
  };
}

describe("what old daemons do not compute", () => {
  it("by creation: the newest that passes, without latest", async () => {
    const available = [info("latest", 9), info("2.1", 8), info("1.9", 7), info("2.0", 5)];
    const computed = await withComputedImages(container("2.0", available), "glob:2.*");
    expect(computed).toMatchObject({
      LatestFiltered: { ID: `${image}:2.1` },
      AvailableImagesCount: 4,
      NewAvailableImagesCount: 3,
      FilteredImagesCount: 2,
      NewFilteredImagesCount: 1,
    });
    const latest = async (pattern: string) =>
      (await withComputedImages(container("2.0", available), pattern)).LatestFiltered.ID;
    expect(await latest("glob:*")).toBe(`${image}:2.1`);
    expect(await latest("glob:latest")).toBe(`${image}:latest`);
  });

  it("by version: the highest in the range, whenever it was made; a longer spelling counts as newer", async () => {
    const available = [
      info("1.9.0", 9),
      info("v1.10", 2),
      info("1.10.0", 1),
      info("2.0.0", 3),
      info("nightly", 8),
    ];
    const computed = await withComputedImages(container("1.9.0", available), "semver:~1");
    expect(computed.LatestFiltered.ID).toBe(`${image}:1.10.0`);
    expect(computed).toMatchObject({ FilteredImagesCount: 3, NewFilteredImagesCount: 2 });
  });

  it("by expression", async () => {
    const available = [info("v2", 2), info("v1", 1), info("x1", 1)];
    const computed = await withComputedImages(container("v1", available), "regexp:^v\\d$");
    expect(computed).toMatchObject({ FilteredImagesCount: 2, AvailableError: "" });
  });

  it("by one that Flux cannot read: every tag passes there, and that is said", async () => {
    const available = [info("v2", 2), info("v1", 1)];
    for (const pattern of ["regexp:(", "regexp:^(?=v)", "regexp:(.)\\1"]) {
      const computed = await withComputedImages(container("v1", available), pattern);
      expect(computed.FilteredImagesCount).toBe(2);
      expect(computed.AvailableError).toMatch(/^Flux would refuse this pattern: /);
    }
  });

  it("of very many tags by the newest, and of filters that take too long not at all", async () => {
    const many = Array.from({ length: 12_000 }, (_, index) => info(`v${index}`, 1 + (index % 28)));
    const computed = await withComputedImages(container("v1", many), "glob:v*");
    expect(computed).toMatchObject({ AvailableImagesCount: 12_000, FilteredImagesCount: 10_000 });
    expect(computed.AvailableError).toBe("Only 10000 of 12000 tags were looked at.");
    const none = await withComputedImages(container("v1", many), "glob:v*", new SharedTime(0));
    expect(none).toMatchObject({ AvailableImagesCount: 12_000, FilteredImagesCount: 0 });
    expect(none.AvailableError).toMatch(/too long/);
  });

  it("is everything as new where it is not known what runs", async () => {
    const computed = await withComputedImages(container("gone", [info("2", 2), info("1", 1)]), "glob:*");
    expect(computed.NewFilteredImagesCount).toBe(2);
  });
});
