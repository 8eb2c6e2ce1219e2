import { z } from "zod";

/** The closed set of failure codes and the HTTP status that each one becomes. */
export const failureStatus = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  confirmation_required: 428,
  rate_limited: 429,
  upstream_refused: 422,
  upstream_invalid: 502,
  unreachable: 503,
  timeout: 504,
  internal: 500,
} as const;

export type FailureCode = keyof typeof failureStatus;

const failureCodes = Object.keys(failureStatus) as [FailureCode, ...FailureCode[]];

/** What crosses the bridge when an operation does not succeed; nothing else does. */
export const failureSchema = z.object({
  code: z.enum(failureCodes),
  message: z.string().describe("One sentence for a person."),
  details: z.record(z.string(), z.unknown()).optional().describe("Facts for a program."),
  hint: z.string().optional().describe("What to do next."),
  upstream: z.string().optional().describe("The raw text of the far system."),
});

export type FailureData = z.infer<typeof failureSchema>;

/** The one error type of the console; `toData` is its form on the wire. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly details: Record<string, unknown> | undefined;
  readonly hint: string | undefined;
  readonly upstream: string | undefined;

  constructor(data: FailureData, options?: { cause?: unknown }) {
    super(data.message, options);
    this.name = "Failure";
    this.code = data.code;
    this.details = data.details;
    this.hint = data.hint;
    this.upstream = data.upstream;
  }

  /** The failure as plain data, without stack or cause. */
  toData(): FailureData {
    const data: FailureData = { code: this.code, message: this.message };
    if (this.details !== undefined) data.details = this.details;
    if (this.hint !== undefined) data.hint = this.hint;
    if (this.upstream !== undefined) data.upstream = this.upstream;
    return data;
  }
}

/** Builds the failure for input that does not fit; `details.fields` lists each path with its message. */
export function invalidInput(error: z.ZodError): Failure {
  const fields = error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
  const first = fields[0];
  const message = first
    ? first.path
      ? `${first.path}: ${first.message}`
      : first.message
    : "The input is not valid.";
  return new Failure({
    code: "invalid_input",
    message,
    details: { fields },
    hint: "Correct the named field and try again.",
  });
}

/** Any thrown value as a failure; unknown ones become `internal` and keep their text out of the reply. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure(
    {
      code: "internal",
      message: "Something went wrong inside the console.",
      hint: "The console's log has the details. Try again; report it if it comes back.",
    },
    { cause: error },
  );
}
