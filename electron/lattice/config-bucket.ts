import { type NatsConnection, NatsError, type QueuedIterator } from "nats";
import { Failure } from "../../shared/contract/index.ts";
import { watchConnection } from "../connections/nats-watch.ts";
import { connectionLost } from "./control-failures.ts";

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
    return await within(bucket.timeoutMs * 2, readKeys(nats, bucket));
  } catch (error) {
    throw denied === undefined ? explained(error, bucket) : forbidden(denied);
  } finally {
    release();
  }
}

async function readKeys(
  nats: NatsConnection,
  { lattice, domain, timeoutMs }: ConfigBucket,
): Promise<string[]> {
  const options = { timeout: timeoutMs, ...(domain !== undefined && { domain }) };
  const view = await nats
    .jetstream(options)
    .views.kv(`CONFIGDATA_${lattice}`, { bindOnly: true, timeout: timeoutMs });
  const keys: QueuedIterator<string> = await view.keys();
  const names: string[] = [];
  for await (const key of keys) names.push(key);
  return names.sort();
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(NatsError.errorForCode("TIMEOUT")), milliseconds);
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

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
