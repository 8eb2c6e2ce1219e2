import { expect, test } from "vitest";
import type { Action, ActionRequest } from "../command/action.ts";
import type { PaletteEntry } from "./palette-entries.ts";
import { findPhrases } from "./palette-phrases.ts";

interface Row {
  id: string;
  stopped?: boolean;
}

const scale: Action<Row> = {
  id: "scale",
  verb: "Scale",
  label: ([row], count) => `Scale ${row?.id}${count === undefined ? "" : ` to ${count}`}`,
  refusal: ([row]) => (row?.stopped ? "It has stopped." : undefined),
  parameter: (text) => (/^\d+$/.test(text) ? text : undefined),
};
const pause: Action<Row> = {
  id: "pause",
  verb: "Pause",
  label: ([row]) => `Pause ${row?.id}`,
  applies: () => false,
};

const visited: string[] = [];
const entries: PaletteEntry[] = [{ id: "cart" }, { id: "cart-reader" }, { id: "old", stopped: true }].map(
  (row) => ({
    id: `Components ${row.id}`,
    group: "Components",
    label: row.id,
    detail: "on 3 hosts",
    subject: { kind: "component", things: [row], where: "/c/one/default/components" },
    run: () => visited.push(row.id),
  }),
);

function find(query: string, among: readonly PaletteEntry[] = entries) {
  const asked: ActionRequest[] = [];
  const lines = findPhrases(query, among, { component: [scale, pause] as Action<unknown>[] }, (request) =>
    asked.push(request),
  );
  return { lines, asked };
}

test("the line goes to the thing and asks for its dialog, filled", () => {
  const { lines, asked } = find("scale cart 12");
  expect(lines.map(({ label }) => label)).toEqual(["Scale cart to 12", "Scale cart-reader to 12"]);
  visited.length = 0;
  lines[0]?.run();
  expect(visited).toEqual(["cart"]);
  expect(asked).toEqual([
    { action: scale, things: [{ id: "cart" }], value: "12", where: "/c/one/default/components" },
  ]);
});

test("what cannot be done says why, and only leads to the thing", () => {
  const { lines, asked } = find("scale old 2");
  expect(lines).toMatchObject([{ label: "Scale old to 2", detail: "It has stopped." }]);
  lines[0]?.run();
  expect(asked).toEqual([]);
});

test("what does not apply is not offered, nor what another line says already", () => {
  expect(find("pause cart").lines).toEqual([]);
  const same = { id: "action scale", group: "Component", label: "Scale cart", run: () => undefined };
  expect(find("scale cart", [...entries, same]).lines.map(({ label }) => label)).toEqual([
    "Scale cart-reader",
  ]);
});
