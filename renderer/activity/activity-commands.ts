import { type InputFor, type OperationName, operations } from "../../shared/catalogue.ts";
import type { ConnectionProfile } from "../../shared/connections/schema.ts";
import {
  type Activity,
  type CommandOperation,
  canonicalJson,
  type Operation,
} from "../../shared/contract/index.ts";
import { maskedValue } from "../../shared/lattice/inputs.ts";
import type { CommandName } from "../command/command-dialog.tsx";
import { curlOf, farCurlOf } from "../command/curl-commands.ts";
import type { CopiedLine } from "../command/shells/command-line.ts";
import { type CopiedCommands, natsCommandOf, washCommandOf } from "../command/wire-commands.ts";

type Recorded = Pick<Activity, "operation" | "input" | "request">;

/** The command that an activity recorded, as far as this console knows it. */
export function commandOf(activity: Pick<Activity, "operation">): CommandName | undefined {
  const name = activity.operation as OperationName;
  const operation: Operation | undefined = Object.hasOwn(operations, name) ? operations[name] : undefined;
  return operation?.kind === "command" ? (name as CommandName) : undefined;
}

/** Why a command cannot be sent again as it was; undefined when it can. */
export function whyNotRepeatable(activity: Recorded): string | undefined {
  const name = commandOf(activity);
  if (!name) return "This console does not know the command any more.";
  const operation: CommandOperation = operations[name] as CommandOperation;
  // What a command redacts stands masked in its record, and would be sent as such.
  const masked = operation.redact && canonicalJson(activity.input).includes(JSON.stringify(maskedValue));
  if (masked) return "Its secrets were not kept: give them anew on the page where it came from.";
  const fits = operation.input.safeParse(activity.input);
  return fits.success ? undefined : "Its recorded input is not valid for the current version of the command.";
}

/** The tools that know an activity's command. */
export function toolsOf(activity: Recorded): (keyof CopiedCommands)[] {
  const curl = commandOf(activity) ? (["curl"] as const) : [];
  return activity.request?.protocol === "nats" ? ["wash", "nats", ...curl] : [...curl];
}

/** An activity's command for each tool, exactly as it was sent. */
export function commandsOf(
  activity: Recorded,
  profile: ConnectionProfile | undefined,
): Partial<CopiedCommands> {
  const name = commandOf(activity);
  const servers = profile?.system === "lattice" ? profile.target : undefined;
  const { request } = activity;
  return {
    ...(request?.protocol === "nats" && {
      wash: washCommandOf(request, servers),
      nats: natsCommandOf(request, servers),
    }),
    ...(name && { curl: [curlOf(name, activity.input as InputFor<typeof name>)] }),
  };
}

/** The far system's own HTTP request, for systems that are spoken to by HTTP. */
export function farCommandOf({ request }: Pick<Recorded, "request">): CopiedLine | undefined {
  return request && farCurlOf(request);
}
