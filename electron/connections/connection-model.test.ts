import fc from "fast-check";
import { expect, it } from "vitest";
import type { ConnectionProfile, ProfileOf } from "../../shared/connections/schema.ts";
import { type Clock, Failure } from "../../shared/contract/index.ts";
import { type ConnectionDraft, ConnectionManager } from "./manager.ts";
import type { Scope } from "./scope.ts";
import { memorySecrets } from "./secrets.ts";
import { commandThrough } from "./session-door.ts";
import type { LinkEvent, SystemModule, SystemSession } from "./system-module.ts";

/** Time that stands still until it is moved; it counts the timers that wait. */
class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ at: number; every?: number; run: () => void }>();

  get waiting(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.#add({ at: this.#now + milliseconds, run });
  }

  every(milliseconds: number, run: () => void): () => void {
    return this.#add({ at: this.#now + milliseconds, every: milliseconds, run });
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      if (timer.every === undefined) this.#timers.delete(timer);
      else timer.at = this.#now + timer.every;
      timer.run();
    }
  }

  #add(timer: { at: number; every?: number; run: () => void }): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

interface Link extends SystemSession {
  /** Where its socket leads. */
  url: string;
  emit(event: LinkEvent): void;
}

/** A far side that answers, refuses, hangs up and closes when it is told to, and counts what is alive. */
class ScriptedSystem {
  readonly connecting: { url: string; finish: (outcome: "works" | "fails") => void }[] = [];
  readonly closing: (() => void)[] = [];
  readonly alive = new Set<Link>();
  readonly module: SystemModule<"forge", Link> = {
    system: "forge",
    diagnose: () => Promise.reject(new Error("not part of this")),
    connect: ({ target: { url } }, _secrets, scope) => this.#connect(url, scope),
  };

  #connect(url: string, scope: Scope): Promise<Link> {
    return new Promise((resolve, reject) => {
      const finish = (outcome: "works" | "fails"): void => {
        if (outcome === "works") resolve(this.#open(url, scope));
        else reject(new Failure({ code: "unreachable", message: "Nobody answers." }));
      };
      this.connecting.push({ url, finish });
    });
  }

  #open(url: string, scope: Scope): Link {
    const listeners = new Set<(event: LinkEvent) => void>();
    const link: Link = {
      url,
      server: url,
      check: async () => 1,
      onLink: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      emit: (event) => {
        for (const listener of listeners) listener(event);
      },
    };
    this.alive.add(link);
    scope.onEnd(() => {
      this.alive.delete(link);
      // The old link drains for as long as it likes.
      return new Promise<void>((resolve) => this.closing.push(resolve));
    });
    return link;
  }
}

/** A command in flight: it watches for evidence on whatever session its connection has, as long as that leads to its target. */
interface Command {
  url: string;
  watched: Set<Link>;
}

interface Model {
  saved: boolean;
}

class World {
  readonly clock = new ManualClock();
  readonly far = new ScriptedSystem();
  readonly errors: unknown[] = [];
  readonly manager = new ConnectionManager({
    profiles: { load: () => [], put: () => undefined, remove: () => undefined },
    secrets: memorySecrets(),
    clock: this.clock,
    modules: { forge: this.far.module },
    // That it is told is right: this far side may take as long as it likes to close.
    onError: (error) => /takes long to close/.test(String(error)) || this.errors.push(error),
  });
  /** Sessions that a follower of the connection uses at the moment. */
  readonly followed = new Set<Link>();
  readonly commands: Command[] = [];
  readonly pending = new Set<Promise<unknown>>();

  constructor() {
    this.manager.follow("c1", this.far.module, (link, scope) => {
      this.followed.add(link);
      scope.onEnd(() => this.followed.delete(link));
    });
    this.manager.onChange((rows) => {
      for (const { profile } of rows) this.#requireOwnTarget(profile);
    });
  }

  begin(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work.then(
      () => undefined,
      () => undefined,
    );
    this.pending.add(settled);
    void settled.finally(() => this.pending.delete(settled));
  }

  /** Gives a command, where there is a connection to give it to. */
  command(): void {
    const profile = this.manager.find("c1");
    if (!profile) return;
    const given: Command = { url: (profile as ProfileOf<"forge">).target.url, watched: new Set() };
    const { evidence } = commandThrough(this.manager.door("c1", this.far.module), {
      target: { kind: "other", id: "c1", label: "" },
      request: { protocol: "http", address: "" },
      send: async () => ({ accepted: true, message: "", reply: undefined }),
      evidence: {
        waitMs: 0,
        watch: (link, _report, scope) => {
          given.watched.add(link);
          scope.onEnd(() => given.watched.delete(link));
        },
      },
    });
    evidence?.watch(() => undefined);
    this.commands.push(given);
  }

  check(): void {
    const profile = this.manager.find("c1");
    const session = profile && this.manager.findSession("c1", this.far.module);
    expect(this.far.alive.size).toBeLessThanOrEqual(1 + this.far.connecting.length);
    expect(this.followed.size).toBeLessThanOrEqual(1);
    expect([...this.followed]).toEqual(session ? [session] : []);
    for (const { url, watched } of this.commands)
      expect([...watched]).toEqual(session?.url === url ? [session] : []);
    if (!profile) return;
    this.#requireOwnTarget(profile);
    // What is called open has a session, and every operation gets it.
    if (this.manager.row("c1").status.state === "open")
      expect(this.manager.session("c1", this.far.module)).toBe(session);
    expect(this.errors).toEqual([]);
  }

  /** Name, colour and guard on the screen belong to the target that the socket leads to. */
  #requireOwnTarget(profile: ConnectionProfile): void {
    const session = this.manager.findSession("c1", this.far.module);
    if (session) expect(session.url).toBe((profile as ProfileOf<"forge">).target.url);
  }
}

/** Lets everything run that waits for nothing outside. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
}

function draft(target: string): ConnectionDraft {
  const url = `http://${target}.example`;
  return {
    profile: {
      name: target,
      color: "#4dabf7",
      environment: "DEV",
      system: "forge",
      target: { url },
    } as never,
  };
}

type Act = (world: World, model: Model) => void;

function command(name: string, act: Act, needsSaved = true): fc.AsyncCommand<Model, World> {
  return {
    toString: () => name,
    check: (model) => model.saved || !needsSaved,
    run: async (model, world) => {
      act(world, model);
      world.check();
      await settle();
      world.check();
    },
  };
}

const save = fc.constantFrom("one", "one", "one", "two", "three").map((target) =>
  command(
    `save ${target}`,
    (world, model) => {
      model.saved = true;
      world.begin(world.manager.save("c1", draft(target)));
    },
    false,
  ),
);
const finish = fc
  .record({
    index: fc.nat(3),
    outcome: fc.constantFrom("works" as const, "works" as const, "fails" as const),
  })
  .map(({ index, outcome }) =>
    command(`attempt ${index} ${outcome}`, ({ far }) => {
      const [attempt] = far.connecting.splice(index % Math.max(1, far.connecting.length), 1);
      attempt?.finish(outcome);
    }),
  );
const others: [string, Act][] = [
  ["command", (world) => world.command()],
  ["open", ({ manager, begin }) => begin(manager.open("c1"))],
  ["close", ({ manager, begin }) => begin(manager.close("c1"))],
  ["remove", ({ manager, begin }) => begin(manager.remove("c1"))],
  ["drained", ({ far }) => far.closing.shift()?.()],
  ["lost", ({ far }) => emit(far, { kind: "lost", failure: gone })],
  ["back", ({ far }) => emit(far, { kind: "back" })],
  ["ended", ({ far }) => emit(far, { kind: "ended", failure: gone })],
  ["time", ({ clock }) => clock.advance(31_000)],
];
const opens = others.filter(([name]) => name === "open" || name === "command");
const gone = new Failure({ code: "unreachable", message: "The connection was lost." });

function emit({ alive }: ScriptedSystem, event: LinkEvent): void {
  for (const link of alive) link.emit(event);
}

it("belongs to one target at a time, whatever is saved, opened, closed, lost or late, and leaves nothing behind", async () => {
  const commands = fc.commands(
    // What makes sessions is there more often, or hardly anything would happen to one.
    [save, finish, finish, finish, ...others, ...opens, ...opens].map((each) =>
      Array.isArray(each) ? fc.constant(command(...each)) : each,
    ),
    { size: "max", maxCommands: 40 },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (run) => {
      const world = new World();
      world.begin = world.begin.bind(world);
      await fc.asyncModelRun(() => ({ model: { saved: false }, real: world }), run);
      world.begin(world.manager.closeAll());
      for (let turn = 0; turn < 200 && world.pending.size > 0; turn += 1) {
        for (const { finish: end } of world.far.connecting.splice(0)) end("works");
        for (const drained of world.far.closing.splice(0)) drained();
        world.clock.advance(6_000);
        await settle();
      }
      expect(world.pending.size).toBe(0);
      expect(world.far.alive.size).toBe(0);
      expect(world.followed.size).toBe(0);
      for (const { watched } of world.commands) expect(watched.size).toBe(0);
      expect(world.clock.waiting).toBe(0);
      expect(world.errors).toEqual([]);
    }),
    { numRuns: 600 },
  );
});
