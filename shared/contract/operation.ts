import type { z } from "zod";
import { type Activity, type ActivityTarget, activitySchema } from "./activity.ts";
import type { FailureData } from "./failure.ts";
import type { GuardedChange } from "./guard.ts";
import type { Refresh } from "./refresh.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";
export type Hazard = "change" | "destructive";

// biome-ignore lint/suspicious/noExplicitAny: the catalogue holds schemas of every shape
type AnySchema = z.ZodType<any, any>;

interface Declaration<Input extends AnySchema> {
  method: HttpMethod;
  /** Path below `/api`; `{name}` takes the input field of that name. */
  path: `/${string}`;
  /** One line that says what it does. */
  summary: string;
  input: Input;
}

/** Reads something and changes nothing outside. */
export interface QueryOperation<Input extends AnySchema = AnySchema, Output extends AnySchema = AnySchema>
  extends Declaration<Input> {
  kind: "query";
  output: Output;
  /** How a page keeps the answer current. */
  refresh: Refresh<z.infer<Output>>;
  /** The reply's `text` is sent as a file over HTTP. */
  download?: boolean;
}

/** Changes only the console's own state (profiles, what is open); guarded and recorded where that state is a guard. */
export interface LocalOperation<Input extends AnySchema = AnySchema, Output extends AnySchema = AnySchema>
  extends Declaration<Input> {
  kind: "local";
  output: Output;
  /** What this input changes of a guard; undefined where it changes none. */
  // biome-ignore lint/suspicious/noExplicitAny: only the declaring module knows what a connection is
  guarded?: (input: z.infer<Input>, connections: readonly any[]) => GuardedChange | undefined;
  /** The input without its secrets, which is all that is recorded. */
  redact?: (input: z.infer<Input>) => z.infer<Input>;
}

/** Changes something outside: guarded, recorded before it is sent, answered with its activity. */
export interface CommandOperation<Input extends AnySchema = AnySchema> extends Declaration<Input> {
  kind: "command";
  output: typeof activitySchema;
  hazard: Hazard;
  /** The audit record's title, such as "Scale cart to 12 on quiet-river-1022". */
  title: (input: z.infer<Input>) => string;
  /** What it acts on as far as the input alone tells; the prepared command knows more. */
  target?: (input: z.infer<Input>) => ActivityTarget;
  /** The input without its secrets, which is all that is recorded, and all that a reconcile has. */
  redact?: (input: z.infer<Input>) => z.infer<Input>;
}

export type Operation = QueryOperation | LocalOperation | CommandOperation;
export type Operations = Record<string, Operation>;

export type InputOf<O extends Operation> = z.input<O["input"]>;
export type ParsedInputOf<O extends Operation> = z.output<O["input"]>;
export type OutputOf<O extends Operation> = O extends CommandOperation ? Activity : z.infer<O["output"]>;

/** Input and output types of one declared operation, as a caller sees them. */
export interface OperationOf<All extends Operations, Name extends keyof All> {
  input: InputOf<All[Name]>;
  output: OutputOf<All[Name]>;
}

/** Declares a query. */
export function query<I extends AnySchema, O extends AnySchema>(
  declaration: Omit<QueryOperation<I, O>, "kind">,
): QueryOperation<I, O> {
  return { kind: "query", ...declaration };
}

/** Declares an operation on the console itself. */
export function local<I extends AnySchema, O extends AnySchema>(
  declaration: Omit<LocalOperation<I, O>, "kind">,
): LocalOperation<I, O> {
  return { kind: "local", ...declaration };
}

/** Declares a command; its input must hold `connectionId`, because the guard belongs to the connection. */
export function command<I extends z.ZodType<{ connectionId: string }>>(
  declaration: Omit<CommandOperation<I>, "kind" | "output">,
): CommandOperation<I> {
  return { kind: "command", output: activitySchema, ...declaration };
}

/** What a caller may say beside the input. */
export interface CallOptions {
  /** Why, in the operator's words; kept with the activity. */
  reason?: string;
  /** Groups the activities of one bulk command. */
  batch?: string;
  /** Answer to `confirmation_required`: its token, and the typed phrase where the connection is protected. */
  confirmation?: { token: string; phrase?: string };
}

/** What comes back over the bridge. */
export type Reply<Output = unknown> = { ok: true; output: Output } | { ok: false; failure: FailureData };
