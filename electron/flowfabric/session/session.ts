import { placesOf } from "../../../shared/connections/destination.ts";
import type { FlowfabricTarget } from "../../../shared/connections/flowfabric-target.ts";
import type { Secrets } from "../../../shared/connections/schema.ts";
import { asFailure, Failure } from "../../../shared/contract/index.ts";
import type { RotationWay } from "../../../shared/flowfabric/rotation-schema.ts";
import { readCertificates } from "../../connections/files.ts";
import type { Scope } from "../../connections/scope.ts";
import type { SystemSession } from "../../connections/system-module.ts";
import { FlowfabricClient } from "../client/client.ts";
import { answerDetails } from "../client/http-failure.ts";
import { ValkeyStore } from "../valkey/valkey.ts";
import { BackendKnowledge } from "./backend.ts";

/** What is needed to reach a server, as a connection's settings say it. */
export interface Access {
  target: FlowfabricTarget;
  secrets: Secrets;
}

/** One open connection: the server over HTTP, its Valkey, or both. */
export class FlowfabricSession implements SystemSession {
  readonly backend: BackendKnowledge;
  private valkeyProblem: Failure | undefined;
  private valkey: ValkeyStore | undefined;

  private constructor(
    private readonly access: Access,
    private readonly scope: Scope,
    readonly client: FlowfabricClient | undefined,
  ) {
    this.backend = new BackendKnowledge(access.target.backend);
    if (access.target.valkey) this.backend.learn("valkey", "the connection leads to its Valkey");
  }

  /** Resolves when at least one way is usable; throws the Failure of the first. */
  static async open(access: Access, scope: Scope): Promise<FlowfabricSession> {
    const client = access.target.url === undefined ? undefined : await makeClient(access);
    scope.onEnd(() => client?.close());
    const session = new FlowfabricSession(access, scope, client);
    client?.onFailure((failure) => session.backend.learnFromFailure(failure));
    const [http, valkey] = await Promise.all([session.tryHttp(), session.tryValkey()]);
    if (client ? http && !session.valkey : valkey) throw http ?? valkey;
    // A wrong token is nothing that Valkey makes good: it has to be corrected.
    if (http?.code === "unauthenticated") throw http;
    return session;
  }

  get server(): string {
    return this.client?.http.address ?? this.access.target.valkey?.addresses.join(", ") ?? "";
  }

  /** The partitions' store; undefined where there is none, or it cannot be reached at the moment. */
  get store(): ValkeyStore | undefined {
    return this.valkey;
  }

  get target(): FlowfabricTarget {
    return this.access.target;
  }

  /** Why Valkey cannot be used, where the settings name one. */
  get storeProblem(): Failure | undefined {
    return this.valkeyProblem;
  }

  /** The HTTP side. Throws `conflict` where the connection has none. */
  requireClient(): FlowfabricClient {
    if (this.client) return this.client;
    throw new Failure({
      code: "conflict",
      message: "This connection has no server address: it leads to Valkey only.",
      details: { delivered: false },
      hint: "Add the address of ff-server to the connection's settings.",
    });
  }

  /** The partitions' store. Throws `conflict` where the connection has none, and why it cannot be reached. */
  requireStore(): ValkeyStore {
    if (this.valkey) return this.valkey;
    throw (
      this.valkeyProblem ??
      new Failure({
        code: "conflict",
        message: "This connection has no Valkey address, so that partitions cannot be seen.",
        details: { delivered: false },
        hint: "Add the address of the server's Valkey to the connection's settings.",
      })
    );
  }

  /** The servers that a rotation sends its secret to. */
  rotationPlaces(way: RotationWay): readonly string[] {
    const { url, caFile, valkey } = this.target;
    if (way === "http") return placesOf("flowfabric", url === undefined ? [] : [url], caFile);
    return placesOf("flowfabric", valkey?.addresses ?? [], valkey?.caFile);
  }

  async check(): Promise<number> {
    const [http, valkey] = await Promise.all([this.measureHttp(), this.measureValkey()]);
    const failure = this.client ? http : valkey;
    if (typeof http === "number") return http;
    if (typeof valkey === "number") return valkey;
    throw failure;
  }

  private async measureHttp(): Promise<number | Failure | undefined> {
    if (!this.client) return undefined;
    const start = performance.now();
    const failure = await this.tryHttp();
    return failure ?? Math.round((performance.now() - start) * 100) / 100;
  }

  private async measureValkey(): Promise<number | Failure | undefined> {
    if (!this.valkey) return this.tryValkey();
    try {
      return Math.round((await this.valkey.ping()) * 100) / 100;
    } catch (error) {
      return this.valkey.explain(error);
    }
  }

  private async tryHttp(): Promise<Failure | undefined> {
    try {
      await this.client?.health();
    } catch (error) {
      const failure = asFailure(error);
      if (answerDetails(failure)?.kind !== "unavailable") return failure;
    }
    return this.tryToken();
  }

  /** Health is never asked for a token; a listing of nothing is (flowfabric-admin §1.1). */
  private async tryToken(): Promise<Failure | undefined> {
    try {
      await this.client?.listExecutions(0, { limit: 0 });
      return undefined;
    } catch (error) {
      const failure = asFailure(error);
      return failure.code === "unauthenticated" ? failure : undefined;
    }
  }

  private async tryValkey(): Promise<Failure | undefined> {
    const { valkey } = this.access.target;
    if (!valkey) return undefined;
    try {
      const store = await openStore(this.access);
      this.scope.onEnd(() => store.close());
      this.valkey = store;
      this.valkeyProblem = undefined;
    } catch (error) {
      this.valkeyProblem = asFailure(error);
    }
    return this.valkeyProblem;
  }
}

/** The HTTP client of a target that names a server. Throws `invalid_input` for an unusable token or certificate. */
export async function makeClient({ target, secrets }: Access): Promise<FlowfabricClient> {
  return new FlowfabricClient({
    url: target.url ?? "",
    token: target.authentication.method === "bearer" ? (secrets.token ?? "") : undefined,
    timeoutMs: target.requestTimeoutMs,
    tls: readCertificates({ caFile: target.caFile }),
  });
}

/** Opens the Valkey of a target that names one; throws a Failure. */
export async function openStore({ target, secrets }: Access): Promise<ValkeyStore> {
  const { addresses = [], cluster = false, user, database, caFile } = target.valkey ?? {};
  return ValkeyStore.open({
    addresses,
    cluster,
    user,
    database,
    password: secrets.valkeyPassword,
    tls: readCertificates({ caFile }),
    timeoutMs: Math.min(target.requestTimeoutMs, 10_000),
  });
}
