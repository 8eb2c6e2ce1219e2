import type { CallContext, Handlers, Operations } from "../../shared/contract/index.ts";

/** A handler as the dispatcher calls it, with input that has been parsed by its operation's own schema. */
export type AnyHandler = (input: unknown, context: CallContext) => unknown;

/** Refused by the compiler where a name is there already. */
type Disjoint<There, More> = More & { [Name in keyof There & keyof More]: never };

/** Handlers put together from features; that each operation has exactly one is checked by the compiler. */
export class HandlerTable<There extends object = Record<never, never>> {
  private constructor(private readonly there: There) {}

  static readonly empty = new HandlerTable({});

  /** Adds the handlers of a feature; does not compile where one of them has a handler already. */
  with<More extends object>(more: Disjoint<There, More>): HandlerTable<There & More> {
    return new HandlerTable({ ...this.there, ...more });
  }

  /** All of them; does not compile while an operation has none. */
  complete<O extends Operations>(
    this: HandlerTable<Handlers<O>>,
    _operations: O,
  ): Record<string, AnyHandler> {
    return this.there as Record<string, AnyHandler>;
  }
}
