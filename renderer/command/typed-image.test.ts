import { expect, test } from "vitest";
import { imageWith, typedImage } from "./typed-image.ts";

test("a version, a moving tag and a reference are images; a name is none", () => {
  for (const text of ["2.4.3", "v2", "latest", "ghcr.io/shop/cart:2", "cart@sha256:ab"])
    expect(typedImage(text)).toBe(text);
  for (const text of ["checkout", "shop checkout", "", "2.4 3"]) expect(typedImage(text)).toBeUndefined();
});

test("a tag is put behind the image that runs, whatever that has; a reference stays", () => {
  expect(imageWith("ghcr.io:443/shop/cart:2.0", "2.1")).toBe("ghcr.io:443/shop/cart:2.1");
  expect(imageWith("ghcr.io:443/shop/cart", "2.1")).toBe("ghcr.io:443/shop/cart:2.1");
  expect(imageWith("shop/cart@sha256:ab", "2.1")).toBe("shop/cart:2.1");
  expect(imageWith("shop/cart:2.0", "shop/other:1")).toBe("shop/other:1");
  expect(imageWith("", "2.1")).toBe("");
});
