import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addressGroup, type PlaceLimits, SocketPlaces } from "./socket-places.ts";

let server: Server;
let places: SocketPlaces;
const evictions: string[] = [];
const clients: Socket[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  evictions.length = 0;
  server.close();
});

async function serve(limits: PlaceLimits): Promise<void> {
  places = new SocketPlaces(limits, (address, why) => evictions.push(`${address} ${why}`));
  server = createServer({ allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

/** A new connection, once it is admitted: both of its ends. */
async function dial(localAddress = "127.0.0.1"): Promise<{ near: Socket; far: Socket }> {
  const { port } = server.address() as AddressInfo;
  const far = connect({ port, host: "127.0.0.1", localAddress, allowHalfOpen: true });
  far.on("error", () => undefined);
  clients.push(far);
  const [near] = (await once(server, "connection")) as [Socket];
  near.on("error", () => undefined).resume();
  places.admit(near);
  return { near, far };
}

describe("the places of a server's sockets", () => {
  it("are taken from strangers, the longest waiting first, and never from those who are known", async () => {
    await serve({ total: 3 });
    const known = await dial();
    expect(places.trust(known.near)).toBe(true);
    const strangers = [await dial(), await dial(), await dial(), await dial()];
    expect(strangers.map(({ near }) => near.destroyed)).toEqual([true, true, false, false]);
    expect(known.near.destroyed).toBe(false);
    expect(places.strangers).toBe(2);
    expect(evictions).toEqual(["127.0.0.1 too many", "127.0.0.1 too many"]);
  });

  it("are taken from the address that has most strangers, so that a single one is safe from a crowd", async () => {
    await serve({ total: 6 });
    const single = await dial("127.0.0.9");
    for (let count = 0; count < 30; count++) await dial("127.0.0.2");
    expect(single.near.destroyed).toBe(false);
    expect(places.strangers).toBe(6);
  });

  it("are fewer for strangers of one address than for all", async () => {
    await serve({ total: 100, strangersPerAddress: 2 });
    const first = await dial("127.0.0.2");
    await dial("127.0.0.3");
    for (let count = 0; count < 3; count++) await dial("127.0.0.2");
    expect(places.strangers).toBe(3);
    expect(first.near.destroyed).toBe(true);
  });

  it("are left again: by whoever hangs up, and by whoever stays a stranger too long", async () => {
    await serve({ total: 100, strangerMs: 1_500 });
    const known = await dial();
    expect(places.trust(known.near)).toBe(true);
    const silent = await dial();
    const hangsUp = await dial();
    hangsUp.far.resetAndDestroy();
    await vi.waitFor(() => expect(places.strangers).toBe(1));
    expect(evictions).toEqual([]);
    await once(silent.near, "close");
    expect(evictions).toEqual(["127.0.0.1 too slow"]);
    expect(places.strangers).toBe(0);
    expect(known.near.destroyed).toBe(false);
  });

  it("are bounded for one caller, whose oldest goes, and for all callers of one address", async () => {
    await serve({ total: 100, perCaller: 2, trustedPerAddress: 3 });
    const mine = [await dial(), await dial(), await dial()];
    for (const { near } of mine) expect(places.trust(near, "me")).toBe(true);
    expect(mine.map(({ near }) => near.destroyed)).toEqual([true, false, false]);
    const other = await dial();
    expect(places.trust(other.near, "you")).toBe(true);
    const more = await dial();
    expect(places.trust(more.near, "he")).toBe(false);
    const elsewhere = await dial("127.0.0.2");
    expect(places.trust(elsewhere.near, "he")).toBe(true);
    // Whoever is known already stays so, also under another name.
    expect(places.trust(other.near, "you")).toBe(true);
    expect(places.trust(other.near, "you again")).toBe(true);
  });

  it("are all free when the server ends", async () => {
    await serve({ total: 100 });
    const { near } = await dial();
    places.close();
    await once(near, "close");
    expect(places.strangers).toBe(0);
    await vi.waitFor(() => expect(places.trust(near)).toBe(false));
  });
});

describe("what one person has of addresses", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1"],
    ["::ffff:10.0.0.7", "10.0.0.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::6", "2001:db8:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["", ""],
  ])("%s -> %s", (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
