import { expect, test } from "vitest";
import { operations } from "../../shared/catalogue.ts";
import type { Action } from "../command/action.ts";
import { actionsOn, actionsWithoutThing } from "./action-catalogue.ts";

const byKind = Object.values(actionsOn) as readonly (readonly Action<unknown>[])[];
const withoutThing = Object.values(actionsWithoutThing).flatMap((list) => list.map(({ action }) => action));

test("what an action sends changes something, and goes by a dialog; what sends nothing leads somewhere", () => {
  for (const action of [...byKind.flat(), ...withoutThing]) {
    if (action.operation) expect(operations[action.operation].kind).not.toBe("query");
    expect([action.id, action.Dialog !== undefined]).toEqual([action.id, action.operation !== undefined]);
    expect([action.id, action.leadsTo !== undefined]).toEqual([action.id, action.operation === undefined]);
  }
});

test("no two actions on one thing have the same id or the same key", () => {
  for (const actions of byKind) {
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    const keys = actions.flatMap(({ key }) => key ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  }
});
