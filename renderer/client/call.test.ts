import { expectTypeOf, it } from "vitest";
import type { InputFor, OutputFor } from "../../shared/catalogue.ts";
import type { Activity } from "../../shared/contract/index.ts";
import { call } from "./call.ts";

// None of these calls is made: the compiler is asked what it thinks of them.

it("takes the operations that are declared, with the input that they declare", () => {
  const calls = () => [
    call("forge.cron.trigger", { connectionId: "here", name: "nightly" }),
    // @ts-expect-error there is no such operation
    call("forge.cron.trigger-all", { connectionId: "here" }),
    // @ts-expect-error the name is missing
    call("forge.cron.trigger", { connectionId: "here" }),
    // @ts-expect-error there is no such field
    call("forge.cron.trigger", { connectionId: "here", name: "nightly", often: true }),
    // @ts-expect-error a number of workers is a number
    call("forge.queues.set-max-workers", { connectionId: "here", name: "mailers", workers: "4" }),
  ];
  expectTypeOf(calls).toBeFunction();
});

it("asks for what the schema fills in only where it is wanted", () => {
  expectTypeOf<{ connectionId: string; name: string }>().toExtend<InputFor<"forge.cron.trigger">>();
});

it("answers a command with its activity, and a query with what it reads", () => {
  expectTypeOf<OutputFor<"forge.cron.trigger">>().toEqualTypeOf<Activity>();
  expectTypeOf<OutputFor<"forge.cron.list">>().toExtend<readonly { name: string }[]>();
});
