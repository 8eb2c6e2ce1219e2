import { expect, it } from "vitest";
import { type OperationName, operations } from "../catalogue.ts";
import { sampleInput } from "./every-command.ts";

const place = { connectionId: "here", hostId: `N${"A".repeat(55)}` };

it.each(Object.keys(operations) as OperationName[])("%s has an input that it accepts", (name) => {
  expect(operations[name].input.safeParse(sampleInput(name, place)).success).toBe(true);
});
