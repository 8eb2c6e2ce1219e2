import { expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import {
  type Activity,
  type CommandExecution,
  command,
  type Handlers,
  query,
} from "../../shared/contract/index.ts";
import { HandlerTable } from "./handler-table.ts";

const operations = {
  "box.get": query({
    method: "GET",
    path: "/box/{id}",
    refresh: "once",
    summary: "Reads a box.",
    input: z.object({ id: z.string(), deep: z.boolean().default(false) }),
    output: z.object({ size: z.number() }),
  }),
  "box.close": command({
    method: "POST",
    path: "/connections/{connectionId}/box/{id}/close",
    summary: "Closes a box.",
    hazard: "change",
    input: z.object({ connectionId: z.string(), id: z.string() }),
    title: ({ id }) => `Close ${id}`,
  }),
};
type Boxes = Handlers<typeof operations>;

const get: Pick<Boxes, "box.get"> = { "box.get": () => ({ size: 1 }) };
const close: Pick<Boxes, "box.close"> = {
  "box.close": () => {
    throw new Error("is never called");
  },
};

// What stands behind an expected error is checked by the compiler: where it is no error, `npm run typecheck` fails.

it("is complete when each operation has a handler, and does not compile before", () => {
  expect(Object.keys(HandlerTable.empty.with(get).with(close).complete(operations))).toEqual([
    "box.get",
    "box.close",
  ]);
  // @ts-expect-error box.close has no handler
  HandlerTable.empty.with(get).complete(operations);
});

it("does not compile where an operation gets a second handler", () => {
  // @ts-expect-error box.get has one already
  HandlerTable.empty.with(get).with(get);
});

it("gives a handler the parsed input, and wants the declared output", () => {
  expectTypeOf<Parameters<Boxes["box.get"]>[0]>().toEqualTypeOf<{ id: string; deep: boolean }>();
  // @ts-expect-error the size is a number
  const wrongOutput: Pick<Boxes, "box.get"> = { "box.get": () => ({ size: "large" }) };
  // @ts-expect-error there is no field of this name
  const wrongInput: Pick<Boxes, "box.get"> = { "box.get": ({ name }) => ({ size: name.length }) };
  expect([wrongOutput, wrongInput]).toHaveLength(2);
});

it("wants a command to be made ready, not to be carried out", () => {
  type Made = Awaited<ReturnType<Boxes["box.close"]>>;
  expectTypeOf<Made>().toExtend<CommandExecution>();
  expectTypeOf<Activity>().not.toExtend<Made>();
});
