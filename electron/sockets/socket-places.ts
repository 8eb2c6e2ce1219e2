import { isIPv6, type Socket } from "node:net";

export interface PlaceLimits {
  /** Sockets open at a time; each is one open file less for the databases. */
  total: number;
  /** Of them, strangers of one address. */
  strangersPerAddress?: number;
  /** Of them, sockets of one address that have proved who they are. */
  trustedPerAddress?: number;
  /** Of them, sockets of one caller; where there are more, the caller's oldest goes. */
  perCaller?: number;
  /** How long a socket may stay a stranger, in milliseconds, whatever it does meanwhile. */
  strangerMs?: number;
}

type Eviction = "too many" | "too slow";

interface Place {
  socket: Socket;
  key: string;
  address: string;
  /** Undefined: a stranger. */
  caller: string | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * The open sockets of a server. A socket is a stranger until it has proved who it is. Where strangers are too many, or
 * stay too long, they go; whoever opens thousands and says nothing keeps nobody out, and takes no place of those who have
 * proved who they are.
 */
export class SocketPlaces {
  readonly #limits: Required<PlaceLimits>;
  readonly #onEvict: (remoteAddress: string, why: Eviction) => void;
  /** Oldest first. Not by socket: over TLS, who proves himself speaks through another object than the one admitted. */
  readonly #places = new Map<string, Place>();

  constructor(
    limits: PlaceLimits,
    onEvict: (remoteAddress: string, why: Eviction) => void = () => undefined,
  ) {
    const { total } = limits;
    const unlimited = {
      strangersPerAddress: total,
      trustedPerAddress: total,
      perCaller: total,
      strangerMs: 0,
    };
    this.#limits = { ...unlimited, ...limits };
    this.#onEvict = onEvict;
  }

  /** Sockets that have not proved who they are. */
  get strangers(): number {
    return this.#filter(({ caller }) => caller === undefined).length;
  }

  /** Takes a new socket in, as the server's `connection` event gives it. */
  admit(socket: Socket): void {
    const key = keyOf(socket);
    // It is gone already.
    if (key === undefined) return;
    const place: Place = {
      socket,
      key,
      address: addressGroup(socket.remoteAddress),
      caller: undefined,
      timer: undefined,
    };
    if (this.#limits.strangerMs > 0)
      place.timer = setTimeout(() => this.#evict(place, "too slow"), this.#limits.strangerMs).unref();
    this.#places.set(key, place);
    socket.once("close", () => this.#remove(place));
    this.#makeRoom(place.address);
  }

  /**
   * This caller is behind the socket. False, and nothing changes, where callers of its address have too many already;
   * a socket that was evicted meanwhile is refused as well.
   */
  trust(socket: Socket, caller = ""): boolean {
    const key = keyOf(socket);
    const place = key === undefined ? undefined : this.#places.get(key);
    if (!place) return false;
    if (place.caller === caller) return true;
    const sameAddress = this.#filter((each) => each.caller !== undefined && each.address === place.address);
    if (place.caller === undefined && sameAddress.length >= this.#limits.trustedPerAddress) return false;
    place.caller = caller;
    clearTimeout(place.timer);
    const own = this.#filter((each) => each.caller === caller);
    if (own.length > this.#limits.perCaller) this.#evict(own[0], "too many");
    return true;
  }

  /** Ends all of them. */
  close(): void {
    for (const { socket } of this.#places.values()) socket.destroy();
  }

  #makeRoom(address: string): void {
    const { strangersPerAddress, total } = this.#limits;
    const strangers = this.#filter((place) => place.caller === undefined);
    const sameAddress = strangers.filter((place) => place.address === address);
    if (sameAddress.length > strangersPerAddress) this.#evict(sameAddress[0], "too many");
    else if (this.#places.size > total) this.#evict(oldestOfBusiest(strangers), "too many");
  }

  #filter(is: (place: Place) => boolean): Place[] {
    return [...this.#places.values()].filter(is);
  }

  #evict(place: Place | undefined, why: Eviction): void {
    if (!place) return;
    this.#onEvict(place.socket.remoteAddress ?? place.address, why);
    this.#remove(place);
    place.socket.destroy();
  }

  #remove(place: Place): void {
    clearTimeout(place.timer);
    // A later socket may have the same two ends.
    if (this.#places.get(place.key) === place) this.#places.delete(place.key);
  }
}

/** Of the address with the most strangers the one that came first, so that many from one place push out only each other. */
function oldestOfBusiest(strangers: readonly Place[]): Place | undefined {
  const counts = new Map<string, number>();
  for (const { address } of strangers) counts.set(address, (counts.get(address) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return strangers.find(({ address }) => counts.get(address) === most);
}

/** Both ends of a connection, which no other open one has; undefined once it is gone. */
function keyOf({ remoteAddress, remotePort, localAddress }: Socket): string | undefined {
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort} ${localAddress}`;
}

/** What one person has of addresses: one of version 4, or a whole /64 of version 6. */
export function addressGroup(address = ""): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const parts = [...before, ...Array<string>(zeros).fill("0"), ...after];
  return parts.slice(0, 4).join(":");
}
