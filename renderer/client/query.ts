import {
  type Query,
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQueries,
  useQuery,
} from "@tanstack/react-query";
import type { InputFor, OperationName, OutputFor } from "../../shared/catalogue.ts";
import { asFailure, type Failure, type FailureData } from "../../shared/contract/index.ts";
import { call } from "./call.ts";
import { type CommandOptions, runCommand } from "./command.ts";
import { nextReadMs, refreshOf } from "./refresh.ts";

/** The query cache of the window; a failed query is shown, not silently repeated. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, refetchOnWindowFocus: false, networkMode: "always" },
    mutations: { retry: false, networkMode: "always" },
  },
});

/** An answer that nothing keeps current is read again when it is opened later than this. */
const freshMs = 5_000;

export interface OperationQueryOptions {
  enabled?: boolean;
  /** Reads it when it is opened, and not again: how often an answer is read while it is shown is declared with its operation. */
  once?: boolean;
  /** Shows the former answer while a new input is asked for. */
  keepPrevious?: boolean;
}

/** The cache key of an operation's answer. */
function operationKey<Name extends OperationName>(name: Name, input: InputFor<Name>) {
  return [name, input] as const;
}

function queryOptions<Name extends OperationName>(
  name: Name,
  input: InputFor<Name>,
  { enabled, once }: OperationQueryOptions,
) {
  const refresh = refreshOf(name);
  const isRefreshed = typeof refresh === "object";
  return {
    queryKey: operationKey(name, input),
    queryFn: () => call(name, input),
    ...(enabled !== undefined && { enabled }),
    // A page that is opened shows what is fresh; a palette or a dialog makes do with what is not due yet.
    staleTime: isRefreshed ? (once ? nextRead : refresh.everyMs) : staleMs[refresh],
    ...(isRefreshed && !once && { refetchInterval: nextRead }),
  };
}

const nextRead = (query: unknown) => nextReadMs(query as Query, queryClient.getQueryCache());
const staleMs = { once: 0, "by hand": freshMs, live: freshMs, immutable: Number.POSITIVE_INFINITY };

/** Reads an operation and keeps its answer under [name, input]; `error` is always a `Failure`. */
export function useOperation<Name extends OperationName>(
  name: Name,
  input: InputFor<Name>,
  options: OperationQueryOptions = {},
): UseQueryResult<OutputFor<Name>, Failure> {
  return useQuery<OutputFor<Name>, Failure>({
    ...queryOptions(name, input, options),
    ...(options.keepPrevious && {
      placeholderData: (previous: OutputFor<Name> | undefined) => previous,
    }),
  } as Parameters<typeof useQuery<OutputFor<Name>, Failure>>[0]);
}

/** The answers of one operation to several inputs, in their order; each may fail by itself. */
export interface CombinedAnswers<Output> {
  data: readonly (Output | undefined)[];
  errors: readonly (Failure | null)[];
  /** Some have not answered yet. */
  pending: boolean;
}

/** Reads one operation for several inputs at once; the result stays the same object as long as no answer changes. */
export function useOperations<Name extends OperationName>(
  name: Name,
  inputs: readonly InputFor<Name>[],
  options: OperationQueryOptions = {},
): CombinedAnswers<OutputFor<Name>> {
  return useQueries({
    queries: inputs.map((input) => queryOptions(name, input, options)),
    combine,
  }) as CombinedAnswers<OutputFor<Name>>;
}

function combine(results: readonly UseQueryResult<unknown>[]): CombinedAnswers<unknown> {
  return {
    data: results.map(({ data }) => data),
    errors: results.map(({ error }) => (error ? asFailure(error) : null)),
    pending: results.some(({ isPending }) => isPending),
  };
}

/**
 * Does a piece of reading at the pace that an operation declares, for as long as it is shown: `read` gets what it returned
 * last, and makes one request.
 */
export function useReadingInTurn<Data>(
  name: OperationName,
  connectionId: string,
  read: (known: Data | undefined) => Promise<Data>,
  enabled: boolean,
): Data | undefined {
  const queryKey = [name, { connectionId }, "in turn"];
  return useQuery({
    queryKey,
    queryFn: () => read(queryClient.getQueryData<Data>(queryKey)),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchInterval: nextRead,
  }).data;
}

/** Tells every shown answer of these operations to read itself again. */
export function refreshOperations(...names: OperationName[]): Promise<void> {
  return queryClient.invalidateQueries({
    predicate: (query) => names.includes(query.queryKey[0] as OperationName),
  });
}

/** Tells the shown answer to one question to read itself again; one that is being read is left to its end, which may be its failure. */
export function refreshOperation<Name extends OperationName>(
  name: Name,
  input: InputFor<Name>,
): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: operationKey(name, input) }, { cancelRefetch: false });
}

export interface Command<Name extends OperationName> {
  /** Throws a `Failure`; the same failure is also in `failure` until the next run. */
  run(input: InputFor<Name>, options?: CommandOptions): Promise<OutputFor<Name>>;
  pending: boolean;
  failure: FailureData | undefined;
  reset(): void;
}

/** Runs a command, or another operation that changes something, from a component. */
export function useCommand<Name extends OperationName>(name: Name): Command<Name> {
  const mutation = useMutation<
    OutputFor<Name>,
    unknown,
    { input: InputFor<Name>; options?: CommandOptions | undefined }
  >({
    mutationFn: ({ input, options }) => runCommand({ name, input, ...(options ? { options } : {}) }),
  });
  return {
    run: (input, options) => mutation.mutateAsync({ input, options }),
    pending: mutation.isPending,
    failure: mutation.error ? asFailure(mutation.error).toData() : undefined,
    reset: mutation.reset,
  };
}
