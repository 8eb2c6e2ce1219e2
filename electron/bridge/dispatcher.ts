import {
  asFailure,
  type CallContext,
  type CallOptions,
  type CommandExecution,
  type CommandOperation,
  Failure,
  type GuardedConnection,
  invalidInput,
  type Operation,
  type Operations,
  type Reply,
} from "../../shared/contract/index.ts";
import type { ActivityEngine } from "./activity.ts";
import type { Confirmations } from "./confirmation.ts";

type AnyHandler = (input: unknown, context: CallContext) => unknown;

export interface DispatcherParts {
  operations: Operations;
  handlers: Record<string, AnyHandler>;
  /** Throws `not_found` for an unknown connection. */
  connection(connectionId: string): GuardedConnection;
  activities: ActivityEngine;
  confirmations: Confirmations;
  /** Hears of every failure that the console itself caused. */
  onInternalError(name: string, error: unknown): void;
}

/** The one door for all calls: look up, parse, guard, record, handle, reply. */
export class Dispatcher {
  constructor(private readonly parts: DispatcherParts) {}

  /** Never throws: a failure is a reply. */
  async call(name: string, input: unknown, options: CallOptions, context: CallContext): Promise<Reply> {
    try {
      return { ok: true, output: await this.perform(name, input, options, context) };
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === "internal") this.parts.onInternalError(name, failure.cause ?? failure);
      return { ok: false, failure: failure.toData() };
    }
  }

  /** Prepares a recorded command again, so that its outcome can be read after a restart. */
  async prepareAgain(name: string, input: unknown, context: CallContext): Promise<CommandExecution> {
    const operation = this.lookUp(name);
    if (operation.kind !== "command")
      throw new Failure({ code: "not_found", message: `${name} is not a command.` });
    return (await this.handler(name)(parse(operation, input), context)) as CommandExecution;
  }

  private perform(name: string, input: unknown, options: CallOptions, context: CallContext): unknown {
    const operation = this.lookUp(name);
    const parsed = parse(operation, input);
    if (operation.kind !== "command") return this.handler(name)(parsed, context);
    return this.command(name, operation, { parsed, options, context });
  }

  private command(
    name: string,
    operation: CommandOperation,
    call: { parsed: unknown; options: CallOptions; context: CallContext },
  ): Promise<unknown> {
    const input = call.parsed as { connectionId: string } & Record<string, unknown>;
    const connection = this.parts.connection(input.connectionId);
    this.guard(name, input, connection, call.options);
    const recorded = (operation.redact?.(input) ?? input) as typeof input;
    return this.parts.activities.run(
      {
        operation: name,
        title: operation.title(input),
        target: operation.target?.(input),
        input: recorded,
        options: call.options,
        context: call.context,
      },
      async () => (await this.handler(name)(input, call.context)) as CommandExecution,
    );
  }

  private guard(
    operation: string,
    input: unknown,
    connection: GuardedConnection,
    options: CallOptions,
  ): void {
    if (connection.guard === "open") return;
    if (connection.guard === "read-only") {
      throw new Failure({
        code: "forbidden",
        message: `${connection.name} is read-only in this console.`,
        details: { guard: "read-only", connectionId: connection.id },
        hint: "Change the connection's guard if this is really wanted.",
      });
    }
    this.parts.confirmations.require({ operation, input, connection }, options.confirmation);
  }

  private lookUp(name: string): Operation {
    const operation = Object.hasOwn(this.parts.operations, name) ? this.parts.operations[name] : undefined;
    if (operation) return operation;
    throw new Failure({
      code: "not_found",
      message: `There is no operation named ${name.slice(0, 100)}.`,
      hint: "GET /api/openapi.json lists all of them.",
    });
  }

  private handler(name: string): AnyHandler {
    const handler = this.parts.handlers[name];
    if (!handler) throw new Error(`no handler for ${name}`);
    return handler;
  }
}

function parse(operation: Operation, input: unknown): unknown {
  const result = operation.input.safeParse(input ?? {});
  if (!result.success) throw invalidInput(result.error);
  return result.data;
}
