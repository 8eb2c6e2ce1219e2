import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answeringServer } from "../testing/answering-server.ts";
import { failureOf, id } from "../testing/both-sides.ts";
import {
  conflictCodes,
  type ErrorRow,
  mappingRows,
  rejectionRows,
  validationCodes,
} from "../testing/error-rows.ts";
import { routeRows, scriptRows, wrapped } from "../testing/route-error-rows.ts";
import { FlowfabricClient } from "./client.ts";
import { answerDetails } from "./http-failure.ts";

const server = answeringServer();
let client: FlowfabricClient;

beforeAll(() => {
  client = new FlowfabricClient({ url: server.url, timeoutMs: 5_000 });
});
afterAll(() => client.close());

/** The failure that a person sees when the server answers so. */
async function failureAfter(status: number, body: ErrorRow["body"]) {
  server.answer =
    typeof body === "string"
      ? { status, body, contentType: "text/plain; charset=utf-8" }
      : { status, body: JSON.stringify(body), contentType: "application/json" };
  const failure = await failureOf(client.replayExecution(id));
  const details = answerDetails(failure);
  if (!details) throw new Error(`no details: ${failure.message}`);
  const { code, message, hint = "" } = failure;
  return { code, read: `${message} ${hint}`, details, upstream: failure.upstream };
}

const rows = [...rejectionRows, ...mappingRows, ...routeRows, ...scriptRows].map(
  (row) => [row.row, row] as const,
);

describe("each error row of the page", () => {
  test.each(rows)("%s", async (_name, { status, body, code, retry, advice }) => {
    const failure = await failureAfter(status, body);
    expect(failure).toMatchObject({ code, details: { status, retry } });
    expect(failure.read).toMatch(advice);
    const said = typeof body === "string" ? body : body.error;
    if (said !== "") expect(failure.upstream).toBe(said);
  });

  test.each(rows)("%s: what the server says about a retry decides nothing", async (_name, row) => {
    const { status, body, code, retry } = row;
    if (typeof body === "string") return;
    const { retryable: _said, ...silent } = body;
    for (const other of [silent, { ...silent, retryable: true }, { ...silent, retryable: false }])
      expect(await failureAfter(status, other)).toMatchObject({ code, details: { retry } });
  });
});

describe("each code of the mapping table (flowfabric-admin §1.5)", () => {
  test.each(validationCodes)("%s: the request has to be corrected", async (word) => {
    for (const error of [word, `${word}: a detail`]) {
      const failure = await failureAfter(400, { error });
      expect(failure).toMatchObject({ code: "upstream_refused", details: { retry: "never", refused: true } });
      expect(failure.read).toContain(`${error}. Nothing was changed. Correct the request`);
    }
  });

  test("damaged data is no proof that nothing was changed", async () => {
    expect(await failureAfter(400, { error: "validation_error: exec_core: no such column" })).toMatchObject({
      details: { retry: "check-first", refused: false },
    });
  });

  test.each(conflictCodes)("%s: it does not fit the present state", async (kind) => {
    const failure = await failureAfter(409, { error: `${kind}: Debug`, kind, retryable: false });
    expect(failure).toMatchObject({ code: "conflict", details: { retry: "never", refused: true } });
    expect(failure.read).toContain("Look at the present state");
  });
});

/** Texts that nobody can know, where a refusal would be. */
const unknownTexts: readonly [status: number, body: ErrorRow["body"]][] = [
  [400, { error: "something new" }],
  [400, { error: "something_new: detail" }],
  [400, { error: "invalid_input: ff_cancel_flow failed: something_new" }],
  [400, "<html>Bad Request</html>"],
  [408, ""],
  [409, { error: "something new" }],
  [409, { error: "something_new: Debug", kind: "something_new" }],
  [418, ""],
  [499, ""],
  [
    500,
    { error: "engine: cancel_execution: parse: transport (valkey): something_new: text", retryable: true },
  ],
  [500, { error: "engine: create_budget: FCALL ff_create_budget: transport (valkey): valkey: timed out" }],
  [500, { error: "engine: x: transport (valkey): parse error: ff_create_budget: unexpected reply" }],
  [500, { error: "engine: x: FCALL ff_x: transport (valkey): valkey: WRONGTYPE Operation against a key" }],
  [500, { error: "execution_not_found: execution does not exist" }],
];

test("a proxy that stopped waiting gives no leave to send a command again", async () => {
  expect(await failureAfter(504, "<html>Gateway Time-out</html>")).toMatchObject({
    code: "timeout",
    details: { retry: "check-first", refused: false },
  });
});

test.each(unknownTexts)("%i %j proves nothing", async (status, body) => {
  expect((await failureAfter(status, body)).details.refused).toBe(false);
});

/** Classes of the page (flowfabric-admin §5.6), by hand; everything else is final. */
const classes: Record<"later" | "never", string> = {
  later:
    "use_claim_resumed_execution not_a_resumed_execution execution_not_leaseable lease_conflict invalid_claim_grant claim_grant_expired no_eligible_execution waitpoint_not_found waitpoint_pending_use_buffer_script stale_graph_revision rate_limit_exceeded concurrency_limit_exceeded capability_mismatch invalid_offset",
  never:
    "execution_not_suspended already_suspended waitpoint_closed duplicate_signal execution_not_eligible execution_not_in_eligible_set grant_already_exists execution_not_reclaimable no_active_lease ok_already_applied attempt_already_terminal stream_already_closed budget_soft_exceeded waitpoint_already_exists waitpoint_not_open waitpoint_not_pending pending_waitpoint_expired not_blocked_by_deps deps_not_satisfied budget_exceeded active_attempt_exists attempt_not_in_created_state stream_not_found execution_not_found execution_not_active execution_not_terminal max_replays_exhausted flow_not_found flow_already_terminal cycle_detected invalid_kid invalid_secret_hex invalid_grace_ms rotation_conflict invalid_input invalid_token stale_lease lease_expired lease_revoked",
};

describe("each script code inside a 500 that calls itself retryable (flowfabric-admin §5.6)", () => {
  const codes = Object.entries(classes).flatMap(([retry, words]) =>
    words.split(" ").map((code) => [code, retry] as const),
  );
  test.each(codes)("%s may be sent again: %s", async (scriptCode, retry) => {
    const { status, body } = wrapped("call", `${scriptCode}: text`, {
      code: "upstream_refused",
      retry: "never",
      advice: /./,
    });
    const { details } = await failureAfter(status, body);
    expect(details).toMatchObject({ scriptCode, retry, refused: true, sentRetryable: true });
  });
});

test("lost functions are a refusal only in the words of Valkey itself", async () => {
  const failed = (said: string) =>
    failureAfter(500, { error: `engine: cancel_execution: FCALL ff_cancel: transport (valkey): ${said}` });
  const lost = "valkey: server error - ResponseError: Function not found";
  expect((await failed(lost)).details).toMatchObject({ refused: true });
  for (const other of ["Function not found", "valkey: timed out: Function not found", `v\u0000${lost}`])
    expect((await failed(other)).details).toMatchObject({ refused: false });
});

test("a failure that was damaged on its way proves nothing", async () => {
  const said = "engine: replay: FCALL ff_replay: transport (valkey): execution_not_terminal: it runs";
  expect((await failureAfter(500, { error: said })).details).toMatchObject({ refused: true });
  const cut = `{"error":"${said}","retry`;
  expect((await failureAfter(500, cut)).details).toMatchObject({ refused: false, retry: "check-first" });
});
