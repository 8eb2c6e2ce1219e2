import { isDeepStrictEqual } from "node:util";
import {
  type CallContext,
  type CommandExecution,
  Failure,
  type Handlers,
} from "../../../shared/contract/index.ts";
import {
  type fluxChangeOperations,
  formatPolicies,
  type PolicyPreview,
} from "../../../shared/flux/change-operations.ts";
import { type PolicyChanges, policiesAfter, wireChanges } from "../../../shared/flux/policies.ts";
import { formatWorkloads } from "../../../shared/flux/release.ts";
import type { FluxWorkload } from "../../../shared/flux/schema.ts";
import { conflict } from "../../upstream/evidence.ts";
import { requireKinds } from "../client/compat.ts";
import { joined, sentence } from "../client/foreign-text.ts";
import { refusalHint } from "../client/rows.ts";
import { expressionProblem } from "../client/tag-pattern.ts";
import type { UpdateSpec } from "../client/update-spec.ts";
import { changeExecution, type ReadBack } from "./change-execution.ts";
import { type CommandParts, calling, type OnDaemon, placeOf, requireConnected } from "./command-parts.ts";
import { causeOf, listWorkloads } from "./release-handlers.ts";

type PolicyOperations = Pick<typeof fluxChangeOperations, "flux.policy.preview" | "flux.policy.update">;

interface PolicyInput extends OnDaemon {
  workloads: string[];
  changes: PolicyChanges;
  user: string;
  message: string;
}

/** Handlers that show a change of policies, and carry it out. */
export function policyHandlers(parts: CommandParts): Handlers<PolicyOperations> {
  return {
    "flux.policy.preview": async (input) => {
      requirePatterns(input.changes);
      const daemon = parts.session(input);
      return previewPolicies(input, await calling(daemon, () => listWorkloads(daemon)));
    },
    "flux.policy.update": (input, context) => update(parts, input, context),
  };
}

async function update(
  parts: CommandParts,
  input: PolicyInput,
  context: CallContext,
): Promise<CommandExecution> {
  const daemon = parts.session(input);
  if (!context.reconciling) {
    requirePatterns(input.changes);
    requireConnected(daemon);
    await calling(daemon, async () => {
      requireKinds(daemon.client.version, input.workloads);
      refuseAll(previewPolicies(input, await listWorkloads(daemon)));
    });
  }
  const label = formatWorkloads(input.workloads);
  return changeExecution(
    parts,
    {
      ...placeOf(input),
      spec: specOf(input),
      target: {
        kind: "workload",
        id: label,
        label: `${label} at ${daemon.name}`,
        hostId: daemon.id,
        hostName: daemon.name,
      },
      words: `Committed (${formatPolicies(input.changes)})`,
      // Policies are read from git: they hold from the commit on.
      countsWhenCommitted: true,
      readBack: async (of) => policyReadBack(input, await calling(of, () => listWorkloads(of))),
    },
    context,
  );
}

function specOf(input: PolicyInput): UpdateSpec {
  const changes = wireChanges(input.changes, input.user);
  return {
    type: "policy",
    cause: causeOf(input),
    spec: Object.fromEntries(input.workloads.map((id) => [id, changes])),
  };
}

/** Throws `invalid_input` for a pattern that Flux cannot read: written to git all the same, it would let every tag pass. */
function requirePatterns({ tagAll, tags = {} }: PolicyChanges): void {
  const patterns = Object.entries(tags).map(([container, text]) => [`changes.tags.${container}`, text]);
  if (tagAll !== undefined) patterns.push(["changes.tagAll", tagAll]);
  const fields = patterns.flatMap(([path = "", text = ""]) => {
    const message = expressionProblem(text);
    return message ? [{ path, message }] : [];
  });
  const [first] = fields;
  if (!first) return;
  throw new Failure({
    code: "invalid_input",
    message: `${first.path}: ${first.message}`,
    details: { fields, delivered: false },
    hint: "Flux has the expressions of Go: no look-ahead, no back references.",
  });
}

/** The policies of each workload before and after. */
function previewPolicies(input: PolicyInput, workloads: readonly FluxWorkload[]): PolicyPreview {
  const changes = wireChanges(input.changes, input.user);
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const rows = input.workloads.map((id): PolicyPreview["workloads"][number] => {
    const workload = byId.get(id);
    const before = workload?.policies ?? {};
    const refusal = workload ? workload.refusal : unknownWorkload;
    if (!workload || refusal) return { id, effect: "refused", refusal, before, after: before };
    const after = policiesAfter(
      before,
      changes,
      workload.containers.map(({ name }) => name),
    );
    return { id, effect: isDeepStrictEqual(before, after) ? "same" : "changed", before, after };
  });
  const containers = new Set(
    input.workloads.flatMap((id) => byId.get(id)?.containers.map(({ name }) => name) ?? []),
  );
  const unknown = Object.keys(input.changes.tags ?? {}).filter((container) => !containers.has(container));
  const warnings = unknown.map((container) => `None of them has a container named ${container}.`);
  return { workloads: rows, warnings: [...warnings, ...ignoreWarnings[input.changes.ignore ?? "off"]] };
}

/** What the two values of `ignore` do not do, though their name says so (flux-rpc §3.1.6). */
const ignoreWarnings: Record<NonNullable<PolicyChanges["ignore"]>, readonly string[]> = {
  true: [
    "Ignored manifests are not applied any more. Releases to them would still be committed: to stop releases, lock it.",
  ],
  sync_only: [
    "It is still synced, released and automated. Only the live object is kept when its manifest is removed.",
  ],
  off: [],
};

/** A change that the daemon would pass over without a word (flux-rpc §7, trap 14). */
function refuseAll(preview: PolicyPreview): void {
  const refused = preview.workloads.filter(({ effect }) => effect === "refused");
  if (refused.length < preview.workloads.length) return;
  const reasons = joined(refused.map(({ id, refusal }) => `${id}: ${refusal}`));
  const hints = new Set(refused.map(({ refusal = "" }) => policyHint(refusal)));
  throw conflict(`Not changed: ${sentence(reasons)}`, [...hints].join(" "));
}

const unknownWorkload = "The daemon does not know it.";

function policyHint(refusal: string): string {
  return refusal === unknownWorkload
    ? "List the workloads: an id is namespace:kind/name."
    : refusalHint(refusal);
}

function policyReadBack(input: PolicyInput, workloads: readonly FluxWorkload[]): ReadBack {
  const { workloads: rows } = previewPolicies(input, workloads);
  const data = rows.map(({ id, before }) => ({ id, policies: before }));
  const other = rows.find(({ effect }) => effect !== "same");
  if (!other) return { state: "as-wanted", message: "The policies read back are as wanted.", data };
  const why = other.refusal ?? "its policies are not as wanted";
  return { state: "otherwise", message: sentence(`${other.id}: ${why}`), data };
}
