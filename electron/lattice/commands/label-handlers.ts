import { type CommandExecution, Failure, type Handlers } from "../../../shared/contract/index.ts";
import type { hostOperations } from "../../../shared/lattice/host-operations.ts";
import { timestamp } from "../../upstream/evidence.ts";
import { deleteLabelRequest, describeRequest, putLabelRequest } from "../client/control-commands.ts";
import type { LatticeSession } from "../session/lattice-session.ts";
import { type CommandParts, done, hostName, type Place } from "./command-parts.ts";
import { type LabelParams, labelFinding, labelVerdict, planLabel, refusalOf } from "./label-plan.ts";
import { latticeCommand } from "./lattice-command.ts";

type LabelOperations = Pick<
  typeof hostOperations,
  "lattice.labels.preview" | "lattice.labels.put" | "lattice.labels.delete"
>;

/** Handlers of the labels of hosts. */
export function labelHandlers(parts: CommandParts): Handlers<LabelOperations> {
  return {
    "lattice.labels.preview": async (input) => {
      const { host } = await parts.session(input).hostInventory(input.hostId);
      return planLabel(input, host);
    },
    "lattice.labels.put": async ({ hostId, key, value, ...scope }, { reconciling = false }) => {
      if (!reconciling) refuseProtected(parts.session(scope), { hostId, key, value });
      return execution(parts, scope, { hostId, key, value });
    },
    "lattice.labels.delete": async ({ hostId, key, ...scope }) => execution(parts, scope, { hostId, key }),
  };
}

function execution(parts: CommandParts, place: Place, params: LabelParams): CommandExecution {
  const { hostId, key, value } = params;
  const known = parts.session(place);
  const name = hostName(known, hostId);
  const wire =
    value === undefined
      ? deleteLabelRequest(known.client.scope, { hostId, key })
      : putLabelRequest(known.client.scope, { hostId, key, value });
  return latticeCommand(parts, place, {
    target: {
      kind: "label",
      id: key,
      label: `${key} on ${name}`,
      lattice: known.client.lattice,
      hostId,
      hostName: name,
    },
    request: describeRequest(wire),
    send: async ({ client }) =>
      done(
        value === undefined
          ? await client.deleteLabel({ hostId, key })
          : await client.putLabel({ hostId, key, value }),
      ),
    evidence: {
      waitMs: parts.waits.warmMs,
      find: (event) => labelFinding(params, event, timestamp(parts)),
    },
    verify: async (lattice) => {
      const { host } = await lattice.hostInventory(hostId);
      return labelVerdict(params, host.labels, timestamp(parts));
    },
  });
}

function refuseProtected(lattice: LatticeSession, params: LabelParams): void {
  const host = lattice.host(params.hostId);
  const reason = host && refusalOf(params, host);
  if (!reason) return;
  throw new Failure({
    code: "invalid_input",
    message: `key: ${reason}`,
    details: { fields: [{ path: "key", message: "set by the host itself" }] },
    hint: "Use a label of your own, such as zone.",
  });
}
