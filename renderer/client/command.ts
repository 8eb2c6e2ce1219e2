import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import type { CallOptions } from "../../shared/contract/index.ts";
import { asFailure } from "../../shared/contract/index.ts";
import { call } from "./call.ts";

/** What a person said in the confirm step, beside the input. */
export interface CommandOptions {
  /** Why, in the operator's words. */
  reason?: string;
  /** Groups the activities of one bulk command. */
  batch?: string;
  /** The confirm step was accepted, with the typed phrase where the connection is protected. */
  confirmed?: { phrase?: string };
}

export type Caller = typeof call;

/** Calls an operation and, where the person has confirmed, answers the console's question for confirmation once. */
export async function runCommand<Name extends OperationName>(
  request: { name: Name; input: InputFor<Name>; options?: CommandOptions },
  caller: Caller = call,
): Promise<OutputFor<Name>> {
  const { name, input, options = {} } = request;
  const { confirmed, ...base } = options;
  try {
    return await caller(name, input, base);
  } catch (error) {
    const token = confirmationToken(error);
    if (!confirmed || token === undefined) throw error;
    const confirmation: NonNullable<CallOptions["confirmation"]> = { token, ...confirmed };
    return caller(name, input, { ...base, confirmation });
  }
}

function confirmationToken(error: unknown): string | undefined {
  const failure = asFailure(error);
  const token = failure.details?.token;
  return failure.code === "confirmation_required" && typeof token === "string" ? token : undefined;
}
