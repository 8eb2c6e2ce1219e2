import { consumerOpts, type NatsConnection, NatsError } from "nats";
import { Failure } from "../../../shared/contract/index.ts";
import { watchConnection } from "../../connections/nats-watch.ts";
import { withTimeLimit } from "../../upstream/time-limit.ts";
import { connectionLost } from "./failures.ts";

export interface ConfigBucket {
  lattice: string;
  /** JetStream domain of the hosts, where they use one. */
  domain?: string | undefined;
  timeoutMs: number;
}

/**
 * Reads the names of all configs from their JetStream bucket, only reading (wasmcloud-control §5.9). Rejects with
 * `forbidden` where the account may not, `unreachable` where there is no JetStream, `not_found` without a bucket.
 */
export async function readConfigNames(nats: NatsConnection, bucket: ConfigBucket): Promise<string[]> {
  let denied: string | undefined;
  const release = watchConnection(nats).listen((change) => {
    if (change.kind === "publish-refused" && change.subject.startsWith("$JS.")) denied ??= change.subject;
  });
  try {
    return await withTimeLimit(
      bucket.timeoutMs * 2,
      (signal) => readKeys(nats, bucket, signal),
      () => NatsError.errorForCode("TIMEOUT"),
    );
  } catch (error) {
    throw denied === undefined ? explained(error, bucket) : forbidden(denied);
  } finally {
    release();
  }
}

/** What the client knows of a consumer that it made, beyond its published types. */
interface Consumer {
  info?: { last: { num_pending: number } };
}

async function readKeys(
  nats: NatsConnection,
  { lattice, domain, timeoutMs }: ConfigBucket,
  signal: AbortSignal,
): Promise<string[]> {
  const options = { timeout: timeoutMs, ...(domain !== undefined && { domain }) };
  const prefix = `$KV.CONFIGDATA_${lattice}.`;
  // The client's own list of keys goes on without end where the last one never comes, and nobody can end it.
  const consumer = consumerOpts().orderedConsumer().deliverLastPerSubject().headersOnly();
  const keys = await nats
    .jetstream(options)
    .subscribe(`${prefix}>`, consumer.bindStream(`KV_CONFIGDATA_${lattice}`));
  const end = (): void => keys.unsubscribe();
  signal.addEventListener("abort", end);
  if (signal.aborted || (keys as Consumer).info?.last.num_pending === 0) end();
  try {
    const names: string[] = [];
    for await (const { subject, headers, info } of keys) {
      if (!deletions.includes(headers?.get("KV-Operation") ?? "")) names.push(subject.slice(prefix.length));
      if (info.pending === 0) break;
    }
    return names.sort();
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

const deletions = ["DEL", "PURGE"];

const byName = "A config can still be read by its name.";

function forbidden(subject: string): Failure {
  return new Failure({
    code: "forbidden",
    message: `The NATS server does not allow this user to read the bucket of configs (${subject}).`,
    details: { subject },
    hint: `Ask for the permission to read it. ${byName}`,
  });
}

function explained(error: unknown, { lattice, domain }: ConfigBucket): Failure {
  const code = error instanceof NatsError ? error.code : "";
  const text = error instanceof Error ? error.message : String(error);
  const where = domain === undefined ? "" : ` in the JetStream domain ${domain}`;
  if (code === "503" || /no responders|jetstream not enabled/i.test(text)) {
    return new Failure({
      code: "unreachable",
      message: `JetStream does not answer this account${where}, so the bucket of configs cannot be read.`,
      hint: `Set the hosts' JetStream domain in the connection if they use one. ${byName}`,
      upstream: text,
    });
  }
  if (code === "404" || /stream not found/i.test(text)) {
    return new Failure({
      code: "not_found",
      message: `There is no bucket CONFIGDATA_${lattice}${where}.`,
      hint: `Set the hosts' JetStream domain in the connection if they use one. ${byName}`,
      upstream: text,
    });
  }
  if (code === "CONNECTION_CLOSED" || code === "DISCONNECT")
    return connectionLost({ subject: `CONFIGDATA_${lattice}`, query: true });
  return new Failure(
    {
      code: "timeout",
      message: `The bucket of configs could not be read${where} in time.`,
      hint: `The account may not be allowed to. ${byName}`,
      upstream: text,
    },
    { cause: error },
  );
}
