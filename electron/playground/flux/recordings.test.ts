import { describe, expect, it } from "vitest";
import { type FluxCall, fluxCalls, fluxRecords } from "../../../recordings/recordings.ts";
import { automate } from "./automation.ts";
import { DaemonFaults } from "./daemon-faults.ts";
import type { DaemonState } from "./daemon-state.ts";
import { JobRunner } from "./job-runner.ts";
import { methodsOf } from "./methods.ts";
import { Registry } from "./registry.ts";
import { SimulatedRepository } from "./repository.ts";
import { RpcServer } from "./rpc-server.ts";
import { SyncLoop } from "./sync-loop.ts";
import { type SimulatedWorkload, workload } from "./workload.ts";

interface Request {
  method: string;
  params: [unknown];
}

type Json = Record<string, unknown>;

interface Exchange {
  request: Request;
  response: { result: unknown; error: string | null };
}

/** Of the real daemon only: the answers of its module's mock server are invented. */
const exchanges: Exchange[] = fluxCalls()
  .filter(({ peer }: FluxCall) => peer.startsWith("fluxd"))
  .map(({ request, response }) => ({ request: JSON.parse(request), response: JSON.parse(response) }));

const events: Json[] = fluxRecords().flatMap((record) =>
  record.kind === "event" ? [JSON.parse(String(record.body)) as Json] : [],
);

/** The first recorded call that fits. */
function find(method: string, fits: (exchange: Exchange, text: string) => boolean = () => true): Exchange {
  const found = exchanges.find(
    (each) => each.request.method === `RPCServer.${method}` && fits(each, JSON.stringify(each)),
  );
  if (!found) throw new Error(`no ${method} of that kind was recorded`);
  return found;
}

/** The first that has these words in its answer. */
const answered = (method: string, words: string): Exchange =>
  find(method, ({ response }) => JSON.stringify(response).includes(words));

/** The workloads and images that the real daemon had, before anything was released. */
function recordedWorld(): { workloads: SimulatedWorkload[]; registry: Registry } {
  const listed = (
    find("ListServices", ({ response }) => JSON.stringify(response).includes("ledger")).response
      .result as Json
  ).Result as Json[];
  const registry = new Registry();
  const images = (answered("ListImagesWithOptions", ":latest").response.result as Json).Result as Json[];
  for (const { ID, CreatedAt } of images.flatMap(({ Containers }) =>
    (Containers as Json[]).flatMap(({ Available = [] }) => Available as Json[]),
  )) {
    if (String(ID).startsWith(":")) registry.publishTagOnly(`127.0.0.1:5055/shop/broken${ID}`);
    else if (!registry.has(String(ID))) registry.publish(String(ID), String(CreatedAt));
  }
  return { registry, workloads: listed.map(asWorkload) };
}

function asWorkload(row: Json): SimulatedWorkload {
  const containers = row.Containers as { Name: string; Current: { ID: string } }[];
  const { "fluxcd.io/sync-gc-mark": gcMark = "", ...labels } = row.Labels as Record<string, string>;
  return workload(
    String(row.ID),
    Object.fromEntries(containers.map(({ Name, Current }) => [Name, Current.ID])),
    {
      policies: row.Policies as Record<string, string>,
      replicas: (row.Rollout as { Desired: number }).Desired,
      labels,
      gcMark,
    },
  );
}

/** A simulated daemon in a world like the recorded one, without a network. */
class Simulation {
  readonly faults = new DaemonFaults();
  readonly posted: Json[] = [];
  readonly state: DaemonState;
  readonly jobs: JobRunner;
  readonly syncs: SyncLoop;

  constructor(more: Partial<DaemonState> = {}, prepare: (state: DaemonState) => void = () => undefined) {
    const repository = new SimulatedRepository("shop");
    Object.assign(repository, { url: "file:///repos/shop.git" });
    this.state = {
      protocol: 11,
      version: "1.25.4",
      setsAuthor: false,
      allowsNamespaces: false,
      relayed: false,
      repository,
      ...recordedWorld(),
      ...more,
    };
    prepare(this.state);
    const parts = {
      state: this.state,
      post: async (event: unknown) => void this.posted.push(event as Json),
      pause: async () => true,
    };
    this.jobs = new JobRunner({ ...parts, faults: this.faults, syncSoon: () => undefined, jobMs: 0 });
    this.syncs = new SyncLoop({ ...parts, syncMs: 0 });
  }

  call({ method, params }: Request): Promise<Json> {
    return new Promise((resolve) => {
      const server = new RpcServer({
        methods: methodsOf({
          state: this.state,
          jobs: this.jobs,
          syncSoon: () => undefined,
          noteImage: async () => undefined,
        }),
        protocol: 11,
        relayed: false,
        faults: this.faults,
        send: (bytes) => resolve(JSON.parse(bytes.toString()) as Json),
        hangUp: () => undefined,
        break: () => undefined,
        pause: async () => true,
      });
      server.receive(Buffer.from(JSON.stringify({ method, params, id: 0 })));
    });
  }

  /** Sends a change, and answers with what `JobStatus` says of it at the end. */
  async run(spec: unknown): Promise<Json> {
    const { result } = await this.call({ method: "RPCServer.UpdateManifests", params: [spec] });
    const id = (result as Json).Result;
    for (;;) {
      const status = await this.call({ method: "RPCServer.JobStatus", params: [id] });
      const { StatusString } = (status.result as { Result: { StatusString: string } }).Result;
      if (StatusString !== "queued" && StatusString !== "running") return status;
      await new Promise(setImmediate);
    }
  }
}

/** Without what is different each time: revisions, jobs, times, digests, and the number of the call. */
function comparable(value: unknown): unknown {
  const text = JSON.stringify(value, (key, member) => (key === "id" ? 0 : member));
  return JSON.parse(
    text
      .replace(/\b[0-9a-f]{40}\b/g, "REVISION")
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "JOB")
      .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
      .replace(/(commit was|HEAD is) [0-9a-f]{8}\b/g, "$1 SHORT")
      .replace(/\b[0-9a-f]{7}\.\.[0-9a-f]{7}\b/g, "RANGE")
      .replace(/sha256:[0-9a-f]{64}\b/g, "DIGEST"),
  );
}

/** Names and types, of a list those of its members together. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((each) => JSON.stringify(shapeOf(each))))].sort();
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, member]) => [key, shapeOf(member)]),
  );
}

const git = (change: Partial<SimulatedRepository>) => (state: DaemonState) =>
  void Object.assign(state.repository, change);
const notSigned = ({ repository }: DaemonState): void => {
  repository.lastVerified = repository.head.revision;
  repository.commit("not signed");
};
const noImages = { registry: new Registry() };
const firstTry = git({ status: "new" });
const connectionRefused = (
  answered("GitRepoConfig", "none.git").response.result as { Result: { errors: string } }
).Result.errors;
const unreachable = git({
  status: "new",
  errors: connectionRefused,
  url: "https://user:secret@127.0.0.1:1/none.git",
});

/** Recorded calls whose answers the simulator gives word for word, and what was so when they were made. */
const same: [name: string, recorded: Exchange, simulation: () => Simulation][] = [
  ["the version", find("Version"), () => new Simulation()],
  ["a ping", find("Ping"), () => new Simulation()],
  [
    "workloads of an unknown namespace",
    find("ListServices", ({ request }) => request.params[0] === "nothere"),
    () => new Simulation(),
  ],
  [
    "images of an unknown namespace",
    find("ListImagesWithOptions", (_, text) => text.includes('"Namespace":"nothere"')),
    () => new Simulation(),
  ],
  [
    "images of an unknown workload",
    find("ListImagesWithOptions", (_, text) => text.includes("deployment/nothere")),
    () => new Simulation(),
  ],
  [
    "workloads while a manifest cannot be parsed",
    answered("ListServices", "Unable to parse files"),
    () =>
      new Simulation(
        {},
        git({
          parseError:
            'parsing YAML doc from "shop/bad.yaml": yaml: unmarshal errors:\n  line 7: cannot unmarshal !!str `x` into int',
        }),
      ),
  ],
  [
    "a sync of all",
    find("SyncStatus", ({ response }) => JSON.stringify(response).includes('"Result":[]')),
    () => new Simulation(),
  ],
  ["a sync of an unknown ref", answered("SyncStatus", "bad revision"), () => new Simulation()],
  [
    "a sync before the first clone",
    answered("SyncStatus", "has not been cloned yet"),
    () => new Simulation({}, firstTry),
  ],
  [
    "a sync without a repository",
    answered("SyncStatus", "does not have valid config"),
    () => new Simulation({}, git({ status: "unconfigured" })),
  ],
  [
    "a sync of a repository that cannot be reached",
    answered("SyncStatus", "none.git"),
    () => new Simulation({}, unreachable),
  ],
  [
    "a branch that does not exist",
    answered("SyncStatus", "branch 'main' does not exist"),
    () => new Simulation({}, git({ status: "cloned", errors: "configured branch 'main' does not exist" })),
  ],
  ["a notice of a commit", find("NotifyChange"), () => new Simulation()],
  [
    "a notice of an image",
    find("NotifyChange", (_, text) => text.includes('"Kind":"image"')),
    () => new Simulation(),
  ],
  ["an export without an allow-list", answered("Export", "may not be empty"), () => new Simulation()],
  [
    "a dry run",
    find("UpdateManifests", (_, text) => text.includes('"plan"') && text.includes('"ApplicationError":null')),
    () => new Simulation(),
  ],
  [
    "a dry run with an unknown image",
    answered("UpdateManifests", "does not exist"),
    () => new Simulation(noImages),
  ],
  [
    "a dry run of a read-only daemon",
    answered("UpdateManifests", "read-only"),
    () => new Simulation({}, git({ readOnly: true })),
  ],
  [
    "a dry run without a repository",
    answered("UpdateManifests", "valid config"),
    () => new Simulation({}, git({ status: "unconfigured" })),
  ],
  [
    "a dry run while the repository cannot be reached",
    answered("UpdateManifests", "none.git"),
    () => new Simulation({}, unreachable),
  ],
  [
    "a dry run on an unsigned head",
    answered("UpdateManifests", "is unsigned"),
    () => new Simulation({}, notSigned),
  ],
  ["an unknown job", answered("JobStatus", "unknown job"), () => new Simulation()],
  [
    "a job before the first clone",
    answered("JobStatus", "not a git repository"),
    () => new Simulation({}, firstTry),
  ],
];

/** The rows of a list, in an order. */
function byId(answer: unknown): Json[] {
  const { Result } = (answer as { result: { Result: Json[] } }).result;
  return [...Result].sort((left, right) => (String(left.ID) < String(right.ID) ? -1 : 1));
}

describe("the simulated daemon answers like the real one", () => {
  it.each(same)("to %s", async (_name, { request, response }, simulation) => {
    expect(comparable(await simulation().call(request))).toEqual(comparable({ id: 0, ...response }));
  });

  it("with the same workloads, whatever their order", async () => {
    const { request, response } = answered("ListServices", "ledger");
    expect(byId(await new Simulation().call(request))).toEqual(byId(response));
  });

  it.each([
    [
      "before they are scanned",
      find("ListImagesWithOptions", (_, text) => !text.includes("Available")),
      noImages,
    ],
    ["afterwards", answered("ListImagesWithOptions", ":latest"), {}],
  ])(
    "with the same images %s, but for the second in which each was fetched",
    async (_name, recorded, more) => {
      const { request, response } = recorded;
      // Automation had released one meanwhile.
      const simulation = new Simulation(more, ({ workloads }) => {
        const container = workloads.find(({ name }) => name === "checkout")?.containers[0];
        if (container) container.running = "127.0.0.1:5055/shop/checkout:2.4.3";
      });
      const own = await simulation.call(request);
      expect(byId(comparable(own))).toEqual(byId(comparable({ id: 0, ...response })));
    },
  );

  it.each([
    ["ready", git({})],
    ["has not been cloned yet", firstTry],
    ["unconfigured", git({ status: "unconfigured", branch: "master" })],
    [
      "branch 'main' does not exist",
      git({ status: "cloned", errors: "configured branch 'main' does not exist" }),
    ],
    ["none.git", unreachable],
  ] as const)("with the same repository: %s", async (words, prepare) => {
    const { request, response } = answered("GitRepoConfig", words);
    const own = (await new Simulation({}, prepare).call(request)).result as { Result: Json };
    const real = response.result as { Result: Json };
    expect(shapeOf(own)).toEqual(shapeOf(real));
    expect([own.Result.status, own.Result.errors]).toEqual([real.Result.status, real.Result.errors]);
    if (words === "none.git" || words === "unconfigured")
      expect((own.Result.remote as Json).url).toBe((real.Result.remote as Json).url);
  });
});

/** What was asked for by the job whose end was recorded. */
function specOf({ response }: Exchange): unknown {
  return (response.result as { Result: { Result: { spec: unknown } } }).Result.Result.spec;
}

const cart = (tag: string, more: Json = {}) => ({
  type: "image",
  cause: { Message: "", User: "" },
  spec: {
    ServiceSpecs: ["shop:deployment/cart"],
    ImageSpec: `127.0.0.1:5055/shop/cart:${tag}`,
    Kind: "execute",
    Excludes: null,
    Force: false,
    ...more,
  },
});
const chosen = (container: string, current: string, target: string) => ({
  type: "containers",
  cause: { Message: "", User: "" },
  spec: {
    Kind: "execute",
    ContainerSpecs: {
      "shop:deployment/cart": [
        {
          Container: container,
          Current: `127.0.0.1:5055/shop/cart:${current}`,
          Target: `127.0.0.1:5055/shop/cart:${target}`,
        },
      ],
    },
    SkipMismatches: false,
    Force: false,
  },
});
const sync = { type: "sync", cause: { Message: "", User: "" }, spec: {} };
const released = answered("JobStatus", "zoe@example.com");
const poisoned = find(
  "JobStatus",
  (_, text) => text.includes('\\"Current\\":\\"\\"') || text.includes('"Current":""'),
);
const unscannedPlan = answered("JobStatus", '"Kind":"plan"');
const policies = answered("JobStatus", "für „alle“");
const locked = answered("JobStatus", "Frost");
const badPattern = answered("JobStatus", "1.x.y.z");
const foreignAuthor = answered("JobStatus", "matches no existing author");

/** Without `Current`, as it was sent. */
function withoutCurrent(spec: unknown): unknown {
  return JSON.parse(JSON.stringify(spec).replaceAll('"Current":"",', ""));
}

const ends: [name: string, recorded: Exchange, spec: unknown, simulation: () => Simulation][] = [
  ["a release", released, specOf(released), () => new Simulation()],
  ["a dry run before the first scan", unscannedPlan, specOf(unscannedPlan), () => new Simulation(noImages)],
  ["a release without a precondition", poisoned, withoutCurrent(specOf(poisoned)), () => new Simulation()],
  ["policies", policies, specOf(policies), () => new Simulation()],
  ["a lock", locked, specOf(locked), () => new Simulation()],
  ["an invalid pattern", badPattern, specOf(badPattern), () => new Simulation()],
  [
    "an author that nobody is",
    foreignAuthor,
    specOf(foreignAuthor),
    () =>
      new Simulation({ setsAuthor: true }, ({ workloads }) => {
        const hub = workloads.find(({ name }) => name === "hub");
        if (hub) hub.policies = { locked: "true" };
      }),
  ],
  [
    "nothing to change",
    answered("JobStatus", "no changes made in repo"),
    cart("2.4.1"),
    () => new Simulation(),
  ],
  ["an image that does not exist", answered("JobStatus", "cart:9.9"), cart("9.9"), () => new Simulation()],
  [
    "a mismatch",
    answered("JobStatus", "cannot satisfy specs"),
    chosen("web", "1.1", "2.5.0"),
    () => new Simulation(),
  ],
  [
    "chosen containers that are so already",
    answered("JobStatus", "no changes found"),
    chosen("web", "2.4.1", "2.4.1"),
    () => new Simulation(),
  ],
  [
    "a sync",
    find("JobStatus", (_, text) => /"Result":\{"Result":\{"revision":"[0-9a-f]+"\},"Err":""/.test(text)),
    sync,
    () => new Simulation(),
  ],
  [
    "a sync on an unsigned head",
    answered("JobStatus", "unable to sync to it"),
    sync,
    () => new Simulation({}, notSigned),
  ],
  [
    "a release on an unsigned head",
    answered("JobStatus", "HEAD revision is unsigned"),
    cart("2.5.0"),
    () => new Simulation({}, notSigned),
  ],
  [
    "a release of a read-only daemon",
    answered("JobStatus", "read-only git repo"),
    cart("2.5.0"),
    () => new Simulation({}, git({ readOnly: true })),
  ],
  [
    "a push that is rejected",
    answered("JobStatus", "failed to push some refs"),
    cart("2.5.0"),
    () => {
      const simulation = new Simulation();
      simulation.faults.add({ kind: "push-rejected" });
      return simulation;
    },
  ],
];

describe("a job of the simulated daemon ends like a real one", () => {
  it.each(ends)("of %s", async (_name, { response }, spec, simulation) => {
    expect(comparable(await simulation().run(spec))).toEqual(comparable({ id: 0, ...response }));
  });

  it.each(["queued", "running"])("and says of itself that it is %s", (state) => {
    const waiting = answered("JobStatus", `"StatusString":"${state}"`).response.result;
    expect(waiting).toEqual({ Result: { Result: {}, Err: "", StatusString: state }, ApplicationError: null });
  });
});

/** An event with its workloads sorted: the real ones come in no order. */
function sortedEvent(event: Json | undefined): unknown {
  return comparable({ ...event, serviceIDs: [...((event?.serviceIDs ?? []) as string[])].sort() });
}

describe("the events of the simulated daemon are like those of a real one", () => {
  const recorded = (type: string, words: string) =>
    events.find((event) => event.type === type && JSON.stringify(event).includes(words));

  it("of a release: commit, sync, release", async () => {
    const simulation = new Simulation();
    await simulation.run(specOf(released));
    await simulation.syncs.run();
    const [commit, synced, release] = simulation.posted;
    expect(sortedEvent(commit)).toEqual(sortedEvent(recorded("commit", "Größer")));
    expect(sortedEvent(synced)).toEqual(sortedEvent(recorded("sync", "Größer")));
    expect(sortedEvent(release)).toEqual(sortedEvent(recorded("release", "Größer")));
    expect(synced?.endedAt).toBe(synced?.startedAt);
    expect(commit?.endedAt).toBe(commit?.startedAt);
  });

  it("of automation: commit, sync, automatic release", async () => {
    const simulation = new Simulation();
    await automate(simulation.state, async (event) => void simulation.posted.push(event as Json));
    await simulation.syncs.run();
    const types = ["commit", "sync", "autorelease"];
    const real = types.map((type) => sortedEvent(recorded(type, "bd3af0790ca333b2073b5065f797399e61f29fb9")));
    expect(simulation.posted.map(sortedEvent)).toEqual(real);
  });

  it("of policies: a commit", async () => {
    const simulation = new Simulation();
    await simulation.run(specOf(policies));
    expect(sortedEvent(simulation.posted[0])).toEqual(sortedEvent(recorded("commit", "für „alle“")));
  });

  it("of a release without a precondition: its commit, and no sync any more", async () => {
    const simulation = new Simulation();
    await simulation.run(withoutCurrent(specOf(poisoned)));
    await simulation.syncs.run();
    expect(simulation.posted.map(sortedEvent)).toEqual([sortedEvent(recorded("commit", '"Current":""'))]);
    expect(simulation.state.repository.pending("main")).toHaveLength(1);
  });

  it("of what fails: named by every sync, and the marker moves on", async () => {
    const real = recorded("sync", "b0410426894fd819d0bcc72f6aea48f4261a6a61");
    const { errors: [error] = [] } = (real?.metadata ?? {}) as {
      errors?: { ID: string; Path: string; Error: string }[];
    };
    const simulation = new Simulation({}, ({ workloads, repository }) => {
      workloads.push(
        workload(
          "shop:deployment/bad",
          { web: "a:1" },
          { live: { new: "true" }, exists: false, syncError: error?.Error ?? "" },
        ),
      );
      repository.commit("bad resource");
      repository.commit("selector mismatch");
    });
    await simulation.syncs.run();
    expect(sortedEvent(simulation.posted[0])).toEqual(sortedEvent(real));
    simulation.state.repository.commit("another");
    await simulation.syncs.run();
    expect(simulation.posted[1]?.metadata).toMatchObject({ errors: [error] });
    expect(simulation.state.repository.pending("main")).toEqual([]);
  });

  it("of the first sync: everything, and no release", async () => {
    const simulation = new Simulation({}, git({ marker: undefined }));
    await simulation.syncs.run();
    const real = recorded("sync", '"initialSync":true');
    expect(simulation.posted).toHaveLength(1);
    expect(shapeOf(simulation.posted[0])).toEqual(shapeOf(real));
    const workloadsOf = (event: Json | undefined) =>
      ((event?.serviceIDs ?? []) as string[]).filter((id) => !id.startsWith("<cluster>")).sort();
    expect(workloadsOf(simulation.posted[0])).toEqual(workloadsOf(real));
  });
});

/** What a real daemon answered and the simulated one does not, with the reason. */
const differences: [what: string, reason: string, is: (exchange: Exchange, text: string) => boolean][] = [
  [
    "kubeyaml's own failures",
    "an accident of the recording machine's Python",
    (_, text) => text.includes("Traceback"),
  ],
  ["a fetch that fails", "an accident of the recording machine", (_, text) => text.includes("/dev/null")],
  ["a call that runs out of time", "a fault injects it", (_, text) => text.includes("deadline exceeded")],
  [
    "the YAML of an export",
    "few fields of few resources are enough to be cleaned",
    ({ request, response }) => request.method.endsWith("Export") && response.error === null,
  ],
  [
    "lists of other times",
    "images, policies and numbers of later states of the recorded cluster",
    ({ request, response }) => /List/.test(request.method) && response.error === null,
  ],
  [
    "git's words for a folder that is none",
    "one kind of failure stands for all",
    (_, text) => text.includes("gone.git") || text.includes("branch 'nope'"),
  ],
  [
    "releases of later times",
    "their results are of the same kinds, with other images",
    ({ request, response }) =>
      request.method.endsWith("JobStatus") && /"(success|failed)"/.test(JSON.stringify(response)),
  ],
  [
    "the id of a job, and commits that wait",
    "they are different each time",
    ({ request }) => /UpdateManifests|SyncStatus/.test(request.method),
  ],
];

describe("what was recorded", () => {
  it("is compared, or stands among the differences with its reason", () => {
    const compared = new Set(
      [...same.map(([, exchange]) => exchange), ...ends.map(([, exchange]) => exchange)].map(key),
    );
    const left = exchanges.filter(
      (exchange) =>
        !compared.has(key(exchange)) &&
        !/GitRepoConfig/.test(exchange.request.method) &&
        !/"StatusString":"(queued|running)"/.test(JSON.stringify(exchange)) &&
        !differences.some(([, , is]) => is(exchange, JSON.stringify(exchange))),
    );
    expect(left).toEqual([]);
  });

  it.each(differences)("%s: %s", (_what, _reason, is) => {
    expect(exchanges.some((exchange) => is(exchange, JSON.stringify(exchange)))).toBe(true);
  });
});

function key({ request, response }: Exchange): string {
  return JSON.stringify(comparable([request.method, response]));
}
