import { describe, expect, test } from "vitest";
import { operations } from "../../shared/catalogue.ts";
import type { Operation } from "../../shared/contract/index.ts";
import { httpRequestOf } from "./http-route.ts";

const all = Object.entries(operations as Record<string, Operation>);

describe.each(all)("%s", (_name, operation) => {
  const fields = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  const inPath = Object.fromEntries(fields.map((field) => [field, `${field} of/ü?`]));
  const request = httpRequestOf(operation, { ...inPath, more: ["a", "b"], count: 3 });

  test("puts each path field into its place and nowhere else", () => {
    const [path = ""] = request.url.slice("/api".length).split("?");
    const texts = path.split("/").map(decodeURIComponent);
    const pattern = operation.path.split("/");
    expect(texts).toHaveLength(pattern.length);
    pattern.forEach((part, place) => {
      const field = /^\{(\w+)\}$/.exec(part)?.[1];
      expect(texts[place]).toBe(field ? inPath[field] : part);
    });
  });

  test("puts the rest into the query or the body", () => {
    const query = new URLSearchParams(request.url.split("?")[1] ?? "");
    const carried =
      request.body === undefined
        ? { more: JSON.parse(query.get("more") ?? "null"), count: Number(query.get("count")) }
        : JSON.parse(request.body);
    expect(carried).toEqual({ more: ["a", "b"], count: 3 });
    expect(request.body === undefined).toBe(["GET", "DELETE"].includes(operation.method));
  });
});

test("what is undefined is left out of the query", () => {
  const request = httpRequestOf({ method: "GET", path: "/things" }, { a: undefined, b: false });
  expect(request.url).toBe("/api/things?b=false");
});

test("a missing path field is refused before anything is sent", () => {
  expect(() => httpRequestOf({ method: "GET", path: "/things/{id}" }, {})).toThrow(/id/);
});

test("options travel as headers that can hold any text", () => {
  const request = httpRequestOf(
    { method: "POST", path: "/things" },
    {},
    {
      reason: "größer\nplease",
      batch: "b-1",
      confirmation: { token: "t", phrase: "prod ü" },
    },
  );
  expect(request.headers).toMatchObject({
    "Switchyard-Reason": "gr%C3%B6%C3%9Fer%0Aplease",
    "Switchyard-Batch": "b-1",
    "Switchyard-Confirmation": "t",
    "Switchyard-Phrase": "prod%20%C3%BC",
  });
});
