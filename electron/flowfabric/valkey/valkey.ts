import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, type Redis } from "iovalkey";
import type { Failure } from "../../../shared/contract/index.ts";
import { ValkeyCall } from "./valkey-call.ts";
import type { ValkeyOptions } from "./valkey-clients.ts";
import { connectFailure } from "./valkey-connect-failure.ts";
import { ValkeyLink } from "./valkey-link.ts";
import { callError, callProblem } from "./valkey-problem.ts";
import { Troubles } from "./valkey-troubles.ts";

/** A reading is repeated while the server that it is about has been in trouble for no longer than this. */
const patienceMs = 2_000;
const firstPauseMs = 50;
const longestPauseMs = 400;

/** One Valkey, or a cluster of them. What its calls throw is a `CallError`. */
export class ValkeyStore {
  private refreshing: Promise<void> | undefined;

  private constructor(
    readonly address: string,
    private readonly link: ValkeyLink,
    private readonly troubles: Troubles,
  ) {}

  /** Resolves when it answers; throws a Failure. */
  static async open(options: ValkeyOptions): Promise<ValkeyStore> {
    const address = options.addresses.join(", ");
    const troubles = new Troubles();
    let link: ValkeyLink | undefined;
    try {
      link = await ValkeyLink.open(options, {
        onError: (error, server) => troubles.add(server, error),
        onReady: () => troubles.end(undefined),
      });
      const store = new ValkeyStore(address, link, troubles);
      await store.ping();
      return store;
    } catch (error) {
      link?.close();
      throw connectFailure(error, address);
    }
  }

  get isReady(): boolean {
    return this.link.isReady;
  }

  /** Whether it is connected, waiting so many milliseconds for it to come back, and not after the signal. */
  whenReady(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    return this.link.whenReady(timeoutMs, signal);
  }

  /** Calls a function of the server's library with one key, once; in a cluster the key finds the node. */
  callFunction(name: string, key: string, args: readonly string[]): Promise<unknown> {
    return this.call(new ValkeyCall("fcall", [name, "1", key, ...args]));
  }

  /** Calls a function that changes nothing with one key. */
  readFunction(name: string, key: string): Promise<unknown> {
    return this.read("fcall", [name, "1", key]);
  }

  /** Calls a function that needs no key at every primary: what one node of a cluster has, another may lack. */
  async callAtPrimaries(name: string): Promise<{ node: string; answer: PromiseSettledResult<unknown> }[]> {
    // A primary whose connection broke is none to the client until it has asked again.
    await this.refresh();
    return Promise.all(
      this.primaries().map(async (node) => {
        const [answer] = await Promise.allSettled([this.call(new ValkeyCall("fcall", [name, "0"]), node)]);
        return { node: nameOf(node), answer };
      }),
    );
  }

  async hashField(key: string, field: string): Promise<string | null> {
    return (await this.read("hget", [key, field])) as string | null;
  }

  async setMembers(key: string): Promise<string[]> {
    return (await this.read("smembers", [key])) as string[];
  }

  /** Members of a sorted set up to a score, lowest first. */
  async membersUpTo(key: string, score: number, limit: number): Promise<{ member: string; score: number }[]> {
    const args = [key, "-inf", String(score), "WITHSCORES", "LIMIT", "0", String(limit)];
    const flat = (await this.read("zrangebyscore", args)) as string[];
    return Array.from({ length: flat.length / 2 }, (_, index) => ({
      member: flat[index * 2] ?? "",
      score: Number(flat[index * 2 + 1]),
    }));
  }

  /** The server's own clock, in epoch milliseconds. */
  async time(): Promise<number> {
    const [seconds, microseconds] = (await this.askAny("time")) as [string, string];
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  }

  /** Milliseconds of one round trip. */
  async ping(): Promise<number> {
    const start = performance.now();
    await this.askAny("ping");
    return performance.now() - start;
  }

  /** Kind and version of the server, by what it says of itself. */
  async serverVersion(): Promise<StoreVersion> {
    return versionIn(String(await this.askAny("info", ["server"])));
  }

  /** Why a call failed, or it is not connected, as a Failure of the connection. */
  explain(error: unknown): Failure {
    return connectFailure(this.troubles.causeOf(undefined) ?? error, this.address);
  }

  close(): void {
    this.link.close();
  }

  /** Asks the server of a key, again while what is wrong with it is new and may pass. */
  private async read(name: string, args: readonly string[]): Promise<unknown> {
    let failedAt: number | undefined;
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      const call = new ValkeyCall(name, args);
      const owner = this.ownerOf(call);
      try {
        return await this.call(call);
      } catch (error) {
        failedAt ??= performance.now();
        // A server that breaks off at this very reading is well again each time that it is connected to.
        const since = failedAt;
        const isLasting = (): boolean =>
          this.link.isClosed ||
          performance.now() - since >= patienceMs ||
          this.troubles.isLasting(call.server, patienceMs);
        if (!callProblem(error).passing || isLasting()) throw error;
        await sleep(pause);
        await this.refresh();
        if (isLasting() && this.ownerOf(call) === owner) throw error;
      }
    }
  }

  /** Asks whichever primary answers first: that one is down is no reason to hear nothing from the others. */
  private async askAny(name: string, args: readonly string[] = []): Promise<unknown> {
    if (this.primaries().length === 0) await this.refresh();
    const primaries = this.isReady ? this.primaries() : [];
    if (primaries.length === 0) throw this.failed(new Error("Connection is closed."), { sent: false });
    const answers = primaries.map((node) => this.call(new ValkeyCall(name, args), node));
    try {
      return await Promise.any(answers);
    } catch (error) {
      throw (error as AggregateError).errors[0];
    }
  }

  private async call(call: ValkeyCall, node?: Redis): Promise<unknown> {
    try {
      const answer = await call.carryOut(node ?? this.link.client);
      this.troubles.end(call.server);
      return answer;
    } catch (error) {
      throw this.failed(error, { sent: call.isSent, server: call.server });
    }
  }

  private failed(error: unknown, place: { sent: boolean; server?: string | undefined }): Error {
    const failure = callError(error, { ...place, cause: this.troubles.causeOf(place.server) });
    const { class: kind } = failure.problem;
    if (kind === "unreachable" || kind === "timeout") {
      this.troubles.add(place.server);
      // Another server may have the slot by now, of which the one that is gone cannot tell.
      void this.refresh();
    }
    return failure;
  }

  /** The server that has the slot of a call's key, as far as the client knows. */
  private ownerOf({ keySlot }: ValkeyCall): string | undefined {
    const { client } = this.link;
    return client instanceof Cluster && keySlot !== undefined ? client.slots[keySlot]?.[0] : undefined;
  }

  private primaries(): Redis[] {
    const { client } = this.link;
    return client instanceof Cluster ? client.nodes("master") : [client];
  }

  /** Lets a cluster tell again which server has which slot. */
  private refresh(): Promise<void> {
    const { client, isReady } = this.link;
    if (!(client instanceof Cluster) || !isReady) return Promise.resolve();
    this.refreshing ??= new Promise<void>((resolve) => {
      client.refreshSlotsCache(() => resolve());
    }).finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }
}

function nameOf({ options: { host = "", port = 0 } }: Redis): string {
  return `${host}:${port}`;
}

/** What keeps the partitions. */
interface StoreVersion {
  /** Such as `Valkey 8.0.1`. */
  name: string;
  /** Why ff-server does not start on it, for what is no Valkey. */
  refused?: string;
}

/** Reads `INFO server` as ff-server does when it starts (flowfabric-admin §6.2). */
export function versionIn(info: string): StoreVersion {
  const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, "m").exec(info)?.[1];
  const redis = field("redis_version") ?? "of unknown version";
  const valkey = field("valkey_version") ?? (field("server_name") === "valkey" ? redis : undefined);
  if (valkey !== undefined) return { name: `Valkey ${valkey}` };
  const name = `Redis ${redis}`;
  return { name, refused: `This is ${name}: ff-server starts on Valkey 7.2 or newer only.` };
}
