import type { NatsConnection } from "nats";
import { watchConnection } from "../../connections/nats-watch.ts";
import * as commands from "./control-commands.ts";
import * as lattice from "./control-lattice-commands.ts";
import type * as types from "./control-types.ts";
import { gather } from "./gather.ts";
import * as readers from "./replies.ts";
import { publishOnly, sendRequest } from "./send.ts";
import type { ControlScope } from "./subjects.ts";

export interface ControlOptions {
  lattice: string;
  /** Default `wasmbus.ctl`. */
  topicPrefix?: string | undefined;
  /** How long one request waits for its reply, default 2000. */
  timeoutMs?: number;
  /** How long pings and auctions collect, default 5000. */
  auctionTimeoutMs?: number;
  /** Where replies go, for users who may not use `_INBOX`. */
  inboxPrefix?: string | undefined;
}

type Reply<T = undefined> = Promise<types.ControlReply<T>>;

/**
 * Client of the control interface of wasmCloud 1.x for one lattice on an open connection, which it never closes
 * (wasmcloud-control §2). What a host says, refusals included, is returned; what keeps it from saying anything is
 * thrown as a Failure, where `details.delivered === false` means that nobody received the request.
 */
export class ControlClient {
  readonly nats: NatsConnection;
  readonly timeoutMs: number;
  readonly auctionTimeoutMs: number;
  readonly #inboxPrefix: string | undefined;
  /** What the request builders need to write the same subjects as this client. */
  readonly scope: ControlScope;

  constructor(nats: NatsConnection, options: ControlOptions) {
    const { lattice, topicPrefix = "wasmbus.ctl", timeoutMs = 2_000, auctionTimeoutMs = 5_000 } = options;
    this.nats = nats;
    this.timeoutMs = timeoutMs;
    this.auctionTimeoutMs = auctionTimeoutMs;
    this.#inboxPrefix = options.inboxPrefix;
    this.scope = { lattice, topicPrefix };
    watchConnection(nats);
  }

  get lattice(): string {
    return this.scope.lattice;
  }

  /** Collects the hosts that answer within the auction timeout; a host that is missing is not proven dead. */
  async getHosts(options: types.GatherOptions<types.Host> = {}): Promise<types.Gathered<types.Host>> {
    const request = lattice.pingRequest(this.scope);
    return this.#gather(request, (envelope) => readers.readHost(envelope.response), options);
  }

  /** Reads one host's inventory. */
  async getHostInventory(hostId: string): Reply<types.HostInventory> {
    return this.#send(commands.inventoryRequest(this.scope, { hostId }), readers.readInventory);
  }

  /** Reads the claims of signed artifacts, from any host's copy. */
  async getClaims(): Reply<types.TolerantList<types.StringMap>> {
    return this.#send(lattice.claimsRequest(this.scope), readers.readClaims);
  }

  /** Collects the bids of hosts that would take a component; hosts from 1.3 on bid even when they already run it. */
  async auctionComponent(
    auction: lattice.ComponentAuction,
    options: types.GatherOptions<types.AuctionBid> = {},
  ): Promise<types.Gathered<types.AuctionBid>> {
    const read = readers.bidReader("component_ref");
    const request = lattice.componentAuctionRequest(this.scope, auction);
    return this.#gather(request, (envelope) => read(envelope.response), options);
  }

  /** Collects the bids of hosts that would take a provider and do not run it yet. */
  async auctionProvider(
    auction: lattice.ProviderAuction,
    options: types.GatherOptions<types.AuctionBid> = {},
  ): Promise<types.Gathered<types.AuctionBid>> {
    const read = readers.bidReader("provider_ref");
    const request = lattice.providerAuctionRequest(this.scope, auction);
    return this.#gather(request, (envelope) => read(envelope.response), options);
  }

  /** Starts, resizes, reconfigures or (0) stops a component; success only acknowledges. */
  async scaleComponent(request: commands.ScaleComponent): Reply {
    return this.#tell(commands.scaleRequest(this.scope, request));
  }

  /** Replaces a running component's image; success only acknowledges, and a later failure is never announced. */
  async updateComponent(request: commands.UpdateComponent): Reply {
    return this.#tell(commands.updateRequest(this.scope, request));
  }

  /** Starts a provider; success only acknowledges, whatever the text says. Disabled builtins never answer. */
  async startProvider(request: commands.StartProvider): Reply {
    return this.#tell(commands.startProviderRequest(this.scope, request));
  }

  /** Stops a provider; success means stopped. */
  async stopProvider(request: commands.StopProvider): Reply {
    return this.#tell(commands.stopProviderRequest(this.scope, request));
  }

  /** Shuts a host down; success only acknowledges. */
  async stopHost(request: commands.StopHost): Reply {
    return this.#tell(commands.stopHostRequest(this.scope, request));
  }

  /** Sets a label until the host restarts. */
  async putLabel(request: commands.PutLabel): Reply {
    return this.#tell(commands.putLabelRequest(this.scope, request));
  }

  /** Removes a label; success also where there was none. */
  async deleteLabel(request: commands.DeleteLabel): Reply {
    return this.#tell(commands.deleteLabelRequest(this.scope, request));
  }

  /** Stores or replaces a link. */
  async putLink(link: lattice.PutLink): Reply {
    return this.#tell(lattice.putLinkRequest(this.scope, link));
  }

  /** Deletes the first link with this key; success also where there was none. */
  async deleteLink(key: lattice.LinkKey): Reply {
    return this.#tell(lattice.deleteLinkRequest(this.scope, key));
  }

  /** Reads the links, from any host's copy, which may lag behind a change. */
  async getLinks(): Reply<types.TolerantList<types.Link>> {
    return this.#send(lattice.linksRequest(this.scope), readers.readLinks);
  }

  /** Stores a config, replacing all of its values. */
  async putConfig(name: string, values: types.StringMap): Reply {
    return this.#tell(lattice.putConfigRequest(this.scope, { name, values }));
  }

  /** Reads a config; success without a response means that there is none. */
  async getConfig(name: string): Reply<types.StringMap | undefined> {
    return this.#send(lattice.configRequest(this.scope, { name }), readers.readConfig);
  }

  /** Purges a config; success also where there was none. */
  async deleteConfig(name: string): Reply {
    return this.#tell(lattice.deleteConfigRequest(this.scope, { name }));
  }

  /**
   * Gives every host registry credentials. Nobody is asked to answer, unless `collect` gathers each host's word for
   * the auction timeout; success then means that one or more accepted and none refused.
   */
  async putRegistries(
    registries: lattice.Registries,
    options: { collect?: boolean } & types.GatherOptions<{ message: string }> = {},
  ): Promise<types.RegistriesResult> {
    const request = lattice.registriesRequest(this.scope, registries);
    if (!options.collect) {
      await publishOnly(this.nats, request, this.timeoutMs);
      return { success: true, message: "Published to the lattice; no host was asked to answer." };
    }
    const answers = await this.#gather(request, ({ message }) => ({ message }), options);
    const { replies, refusals } = answers;
    const message = `${replies.length} accepted, ${refusals.length} refused.`;
    return { success: replies.length > 0 && refusals.length === 0, message, answers };
  }

  #send<T>(request: types.ControlRequest, read: (response: unknown) => T): Reply<T> {
    return sendRequest(this.nats, {
      request,
      timeoutMs: this.timeoutMs,
      inboxPrefix: this.#inboxPrefix,
      read,
    });
  }

  /** Methods without data ignore whatever a host puts into `response`. */
  #tell(request: types.ControlRequest): Reply {
    return this.#send(request, () => undefined);
  }

  #gather<T>(
    request: types.ControlRequest,
    read: Parameters<typeof gather<T>>[1]["read"],
    options: types.GatherOptions<T>,
  ): Promise<types.Gathered<T>> {
    return gather(this.nats, {
      ...options,
      request,
      read,
      windowMs: this.auctionTimeoutMs,
      inboxPrefix: this.#inboxPrefix,
    });
  }
}
