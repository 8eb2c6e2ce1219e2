import { describe, expect, it } from "vitest";
import { Faults } from "../kit/faults.ts";
import { automate } from "./automation.ts";
import type { DaemonState } from "./daemon-state.ts";
import type { DaemonFault } from "./faults.ts";
import { JobRunner } from "./job-runner.ts";
import { methodsOf } from "./methods.ts";
import { Registry } from "./registry.ts";
import { SimulatedRepository } from "./repository.ts";
import { RpcServer } from "./rpc-server.ts";
import { SyncLoop } from "./sync-loop.ts";
import {
  answered,
  byId,
  comparable,
  type Exchange,
  endOfJob,
  exchanges,
  expectAnswered,
  expectEnded,
  find,
  type Json,
  jobEnds,
  key,
  poisoned,
  policies,
  postedEvent,
  type Request,
  released,
  sameCalls,
  shapeOf,
  sortedEvent,
  specOf,
  withoutCurrent,
} from "./testing/recorded-calls.ts";
import { type SimulatedWorkload, workload } from "./workload.ts";

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
  readonly faults = new Faults<DaemonFault>();
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
          onImage: async () => undefined,
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

  run(spec: unknown): Promise<Json> {
    return endOfJob(this, spec);
  }
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

type Recorded = keyof typeof sameCalls | keyof typeof jobEnds;

/** What was so when a call was recorded, where it was not what the daemon began with. */
const states: Partial<Record<Recorded, () => Simulation>> = {
  "workloads while a manifest cannot be parsed": () =>
    new Simulation(
      {},
      git({
        parseError:
          'parsing YAML doc from "shop/bad.yaml": yaml: unmarshal errors:\n  line 7: cannot unmarshal !!str `x` into int',
      }),
    ),
  "a sync before the first clone": () => new Simulation({}, firstTry),
  "a sync without a repository": () => new Simulation({}, git({ status: "unconfigured" })),
  "a sync of a repository that cannot be reached": () => new Simulation({}, unreachable),
  "a branch that does not exist": () =>
    new Simulation({}, git({ status: "cloned", errors: "configured branch 'main' does not exist" })),
  "a dry run with an unknown image": () => new Simulation(noImages),
  "a dry run of a read-only daemon": () => new Simulation({}, git({ readOnly: true })),
  "a dry run without a repository": () => new Simulation({}, git({ status: "unconfigured" })),
  "a dry run while the repository cannot be reached": () => new Simulation({}, unreachable),
  "a dry run on an unsigned head": () => new Simulation({}, notSigned),
  "a job before the first clone": () => new Simulation({}, firstTry),
  "a dry run before the first scan": () => new Simulation(noImages),
  "an author that nobody is": () =>
    new Simulation({ setsAuthor: true }, ({ workloads }) => {
      const hub = workloads.find(({ name }) => name === "hub");
      if (hub) hub.policies = { locked: "true" };
    }),
  "a sync on an unsigned head": () => new Simulation({}, notSigned),
  "a release on an unsigned head": () => new Simulation({}, notSigned),
  "a release of a read-only daemon": () => new Simulation({}, git({ readOnly: true })),
  "a push that is rejected": () => {
    const simulation = new Simulation();
    simulation.faults.add({ kind: "push-rejected" });
    return simulation;
  },
};

function simulationOf(name: string): Simulation {
  return (states[name as Recorded] ?? (() => new Simulation()))();
}

describe("the simulated daemon answers like the real one", () => {
  it.each(Object.entries(sameCalls))("to %s", async (name, exchange) => {
    await expectAnswered(simulationOf(name), exchange);
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

describe("a job of the simulated daemon ends like a real one", () => {
  it.each(Object.entries(jobEnds))("of %s", async (name, end) => {
    await expectEnded(simulationOf(name), end);
  });

  it.each(["queued", "running"])("and says of itself that it is %s", (state) => {
    const waiting = answered("JobStatus", `"StatusString":"${state}"`).response.result;
    expect(waiting).toEqual({ Result: { Result: {}, Err: "", StatusString: state }, ApplicationError: null });
  });
});

describe("the events of the simulated daemon are like those of a real one", () => {
  it("of a release: commit, sync, release", async () => {
    const simulation = new Simulation();
    await simulation.run(specOf(released));
    await simulation.syncs.run();
    const [commit, synced, release] = simulation.posted;
    expect(sortedEvent(commit)).toEqual(sortedEvent(postedEvent("commit", "Größer")));
    expect(sortedEvent(synced)).toEqual(sortedEvent(postedEvent("sync", "Größer")));
    expect(sortedEvent(release)).toEqual(sortedEvent(postedEvent("release", "Größer")));
    expect(synced?.endedAt).toBe(synced?.startedAt);
    expect(commit?.endedAt).toBe(commit?.startedAt);
  });

  it("of automation: commit, sync, automatic release", async () => {
    const simulation = new Simulation();
    await automate(simulation.state, async (event) => void simulation.posted.push(event as Json));
    await simulation.syncs.run();
    const types = ["commit", "sync", "autorelease"];
    const real = types.map((type) =>
      sortedEvent(postedEvent(type, "bd3af0790ca333b2073b5065f797399e61f29fb9")),
    );
    expect(simulation.posted.map(sortedEvent)).toEqual(real);
  });

  it("of policies: a commit", async () => {
    const simulation = new Simulation();
    await simulation.run(specOf(policies));
    expect(sortedEvent(simulation.posted[0])).toEqual(sortedEvent(postedEvent("commit", "für „alle“")));
  });

  it("of a release without a precondition: its commit, and no sync any more", async () => {
    const simulation = new Simulation();
    await simulation.run(withoutCurrent(specOf(poisoned)));
    await simulation.syncs.run();
    expect(simulation.posted.map(sortedEvent)).toEqual([sortedEvent(postedEvent("commit", '"Current":""'))]);
    expect(simulation.state.repository.pending("main")).toHaveLength(1);
  });

  it("of what fails: named by every sync, and the marker moves on", async () => {
    const real = postedEvent("sync", "b0410426894fd819d0bcc72f6aea48f4261a6a61");
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
    const real = postedEvent("sync", '"initialSync":true');
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
  const texts = exchanges.map((exchange) => [exchange, JSON.stringify(exchange)] as const);
  it("is compared, or stands among the differences with its reason", () => {
    const compared = new Set(
      [...Object.values(sameCalls), ...Object.values(jobEnds).map(({ recorded }) => recorded)].map(key),
    );
    const left = texts.filter(
      ([exchange, text]) =>
        !compared.has(key(exchange)) &&
        !/GitRepoConfig/.test(exchange.request.method) &&
        !/"StatusString":"(queued|running)"/.test(text) &&
        !differences.some(([, , is]) => is(exchange, text)),
    );
    expect(left).toEqual([]);
  });

  it.each(differences)("%s: %s", (_what, _reason, is) => {
    expect(texts.some(([exchange, text]) => is(exchange, text))).toBe(true);
  });
});
