import {
  type Activity,
  asFailure,
  type CallContext,
  type CallOptions,
  type CommandExecution,
  type CommandOperation,
  canonicalJson,
  Failure,
  type GuardedChange,
  type GuardedConnection,
  invalidInput,
  type LocalOperation,
  type Operation,
  type Operations,
  type Reply,
} from "../../shared/contract/index.ts";
import type { ActivityEngine } from "./activity/engine.ts";
import type { Confirmations } from "./confirmation.ts";
import type { AnyHandler } from "./handler-table.ts";
import { recordedInput } from "./recorded-input.ts";
import { refuseUnknownFields } from "./unknown-fields.ts";
import { fingerprint } from "./unlocks.ts";

export interface DispatcherParts {
  operations: Operations;
  handlers: Record<string, AnyHandler>;
  /** Throws `not_found` for an unknown connection. */
  connection(connectionId: string): GuardedConnection;
  /** All of them, as they are now. */
  connections(): readonly GuardedConnection[];
  /** Where a connection leads, as a hash; throws `not_found`. */
  destination(connectionId: string): string;
  activities: ActivityEngine;
  confirmations: Confirmations;
  /** Nobody may change anything here, whatever the caller may do elsewhere. */
  readOnly?: boolean;
  /** Hears of every failure that the console itself caused. */
  onInternalError(name: string, error: unknown): void;
}

interface Call {
  parsed: unknown;
  options: CallOptions;
  context: CallContext;
}

type ConnectionInput = { connectionId: string } & Record<string, unknown>;

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

  /**
   * Prepares a recorded command again, so that its outcome can be read after a restart. Throws `conflict` where its connection
   * leads elsewhere since.
   */
  async prepareAgain(
    { operation: name, input, connectionId, destination }: Activity,
    context: CallContext,
  ): Promise<CommandExecution> {
    const operation = this.lookUp(name);
    if (operation.kind !== "command") throw nothingToPrepare(name);
    if (destination !== undefined && destination !== this.parts.destination(connectionId))
      throw leadsElsewhereNow(connectionId);
    return (await this.handler(name)(recordedInput(operation, input), context)) as CommandExecution;
  }

  private perform(name: string, input: unknown, options: CallOptions, context: CallContext): unknown {
    const operation = this.lookUp(name);
    if (this.parts.readOnly) requireQuery(operation);
    requireScope(operation, context);
    const parsed = parse(operation, input);
    refuseUnknownFields(operation, input, parsed);
    const call = { parsed, options, context };
    if (operation.kind === "command") return this.command(name, operation, call);
    if (operation.kind === "local") return this.local(name, operation, call);
    return this.handler(name)(parsed, context);
  }

  /** What changes a guard is under the guard as it was, and recorded like a command. */
  private async local(name: string, operation: LocalOperation, call: Call): Promise<unknown> {
    const input = call.parsed as ConnectionInput;
    const change = operation.guarded?.(input, this.parts.connections());
    if (!change) return this.handler(name)(input, call.context);
    this.guardChange(name, change, call);
    let output: unknown;
    const target = { kind: "connection", id: input.connectionId, label: change.connection.name } as const;
    await this.parts.activities.run(
      {
        operation: name,
        title: change.title,
        target,
        input: (operation.redact?.(input) ?? input) as ConnectionInput,
        options: call.options,
        context: call.context,
      },
      async () =>
        ownChange(target, async () => {
          const now = operation.guarded?.(input, this.parts.connections());
          if (canonicalJson(now?.connection) !== canonicalJson(change.connection))
            throw changedMeanwhile(change);
          output = await this.handler(name)(input, call.context);
        }),
    );
    return output;
  }

  private guardChange(operation: string, change: GuardedChange, { parsed, options, context }: Call): void {
    const { connection, mayLiftReadOnly = false } = change;
    const isReadOnly = connection.guard === "read-only";
    if (isReadOnly && !(mayLiftReadOnly && context.transport === "ipc"))
      throw onlyInWindow(connection, mayLiftReadOnly);
    const guarded = isReadOnly
      ? ({ ...connection, guard: "protected", relockMinutes: 0 } as const)
      : connection;
    this.guard(operation, parsed, guarded, options);
  }

  private command(name: string, operation: CommandOperation, call: Call): Promise<unknown> {
    const input = call.parsed as ConnectionInput;
    const connection = this.parts.connection(input.connectionId);
    this.guard(name, input, connection, call.options);
    const recorded = (operation.redact?.(input) ?? input) as typeof input;
    return this.parts.activities.run(
      {
        operation: name,
        title: operation.title(input),
        target: operation.target?.(input),
        destination: this.parts.destination(connection.id),
        input: recorded,
        options: call.options,
        context: call.context,
      },
      async () => {
        const execution = (await this.handler(name)(input, call.context)) as CommandExecution;
        const send = async () => {
          this.requireAsGuarded(connection);
          return execution.send();
        };
        return { ...execution, send };
      },
    );
  }

  /** It was confirmed for this connection, as it was then: neither for another target nor under another guard. */
  private requireAsGuarded(guarded: GuardedConnection): void {
    let now: GuardedConnection | undefined;
    try {
      now = this.parts.connection(guarded.id);
    } catch {
      // It was removed meanwhile.
    }
    if (!now || fingerprint(now) !== fingerprint(guarded)) throw changedMeanwhile({ connection: guarded });
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
        hint: "Change the connection's guard in the window if this is really wanted.",
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

/** Throws `forbidden` for all but queries. */
function requireQuery(operation: Operation): void {
  if (operation.kind === "query") return;
  throw new Failure({
    code: "forbidden",
    message: "This console was started read-only: it changes nothing.",
    details: { console: "read-only", scope: "read", needed: "change" },
    hint: "Use the console that has the data folder, or start one without --read-only once that has ended.",
  });
}

/** Throws `forbidden` where a caller that may only read asks for anything but a query. */
function requireScope(operation: Operation, { scope }: CallContext): void {
  if (operation.kind === "query" || scope === "change") return;
  throw new Failure({
    code: "forbidden",
    message: "This token or session may only read.",
    details: { scope: "read", needed: "change" },
    hint: "Use a token of scope change, or sign in by a link that one has made.",
  });
}

function parse(operation: Operation, input: unknown): unknown {
  const result = operation.input.safeParse(input ?? {});
  if (!result.success) throw invalidInput(result.error);
  return result.data;
}

/** A change of the console itself, as the tracked life of a command: it is done when the handler is. */
function ownChange(target: CommandExecution["target"], change: () => Promise<void>): CommandExecution {
  const done = "The console did it.";
  return {
    target,
    request: { protocol: "http", address: "(nothing is sent: the console changes its own settings)" },
    send: async () => {
      try {
        await change();
      } catch (error) {
        // Nobody else was asked: what failed here has not happened.
        const failure = asFailure(error);
        const details = { ...failure.details, delivered: false };
        throw new Failure({ ...failure.toData(), details }, { cause: failure.cause });
      }
      return { accepted: true, message: done, reply: undefined, done: true };
    },
    verify: async () => ({
      verdict: "verified",
      message: done,
      evidence: { at: new Date().toISOString(), kind: "note", summary: done },
    }),
  };
}

function nothingToPrepare(name: string): Failure {
  return new Failure({
    code: "conflict",
    message: `Nothing can be read again of ${name}: it is no command to another system.`,
    hint: "Look at the connection's settings: they are what came of it.",
  });
}

function onlyInWindow({ id, name }: GuardedConnection, mayLiftReadOnly: boolean): Failure {
  return new Failure({
    code: "forbidden",
    message: mayLiftReadOnly
      ? `${name} is read-only in this console, and is changed or removed only in its window.`
      : `${name} is read-only in this console.`,
    details: { guard: "read-only", connectionId: id },
    hint: mayLiftReadOnly
      ? `Do it in the window, by typing the connection's name; a console without one is started with --guard ${id}=confirm.`
      : "Change the connection's guard in the window if this is really wanted.",
  });
}

function leadsElsewhereNow(connectionId: string): Failure {
  return new Failure({
    code: "conflict",
    message: "The connection leads elsewhere since: what is there says nothing of this command.",
    details: { connectionId },
    hint: "Let it lead to where the command was sent, and reconcile again.",
  });
}

function changedMeanwhile({ connection }: Pick<GuardedChange, "connection">): Failure {
  return new Failure({
    code: "conflict",
    message: `${connection.name} was changed by somebody else meanwhile; nothing was done.`,
    details: { connectionId: connection.id, delivered: false },
    hint: "Look at it again, and repeat the change if it is still wanted.",
  });
}
