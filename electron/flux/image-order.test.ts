import { describe, expect, it } from "vitest";
import { withComputedImages } from "./image-order.ts";
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
  it("by creation: the newest that passes, without latest", () => {
    const available = [info("latest", 9), info("2.1", 8), info("1.9", 7), info("2.0", 5)];
    const computed = withComputedImages(container("2.0", available), "glob:2.*");
    expect(computed).toMatchObject({
      LatestFiltered: { ID: `${image}:2.1` },
      AvailableImagesCount: 4,
      NewAvailableImagesCount: 3,
      FilteredImagesCount: 2,
      NewFilteredImagesCount: 1,
    });
    expect(withComputedImages(container("2.0", available), "glob:*").LatestFiltered.ID).toBe(`${image}:2.1`);
    expect(withComputedImages(container("2.0", available), "glob:latest").LatestFiltered.ID).toBe(
      `${image}:latest`,
    );
  });

  it("by version: the highest in the range, whenever it was made; a longer spelling counts as newer", () => {
    const available = [
      info("1.9.0", 9),
      info("v1.10", 2),
      info("1.10.0", 1),
      info("2.0.0", 3),
      info("nightly", 8),
    ];
    const computed = withComputedImages(container("1.9.0", available), "semver:~1");
    expect(computed.LatestFiltered.ID).toBe(`${image}:1.10.0`);
    expect(computed).toMatchObject({ FilteredImagesCount: 3, NewFilteredImagesCount: 2 });
  });

  it("by expression, and by one that is none", () => {
    const available = [info("v2", 2), info("v1", 1)];
    expect(withComputedImages(container("v1", available), "regexp:^v\\d$").FilteredImagesCount).toBe(2);
    expect(withComputedImages(container("v1", available), "regexp:(").FilteredImagesCount).toBe(0);
  });

  it("is everything as new where it is not known what runs", () => {
    const computed = withComputedImages(container("gone", [info("2", 2), info("1", 1)]), "glob:*");
    expect(computed.NewFilteredImagesCount).toBe(2);
  });
});
