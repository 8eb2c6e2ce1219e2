import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  answered,
  byId,
  comparable,
  type Exchange,
  expectAnswered,
  expectEnded,
  find,
  type Json,
  jobEnds,
  postedEvent,
  sameCalls,
  sortedEvent,
} from "../../../playground/flux/testing/recorded-calls.ts";
import { differences, shapeOf } from "../../../recordings/shape.ts";
import { RealDaemon } from "../../flux/testing/real-daemon.ts";
import { expectEventRead, expectUnderstood } from "../../flux/testing/recorded-answers.ts";
import { recordedManifests, recordedRows } from "../../flux/testing/recorded-manifests.ts";

/** Path of a real daemon, set by `npm run interop -- flux`. */
const program = process.env.SWITCHYARD_FLUXD;

type Call = keyof typeof sameCalls;
type End = keyof typeof jobEnds;

/** Calls of a daemon that has not cloned yet, of one that has, and of one whose branch is not there. */
const early: Call[] = ["a sync before the first clone", "a job before the first clone"];
const ready: Call[] = [
  "the version",
  "a ping",
  "workloads of an unknown namespace",
  "images of an unknown namespace",
  "images of an unknown workload",
  "a sync of all",
  "a sync of an unknown ref",
  "a notice of a commit",
  "a notice of an image",
  "a dry run",
  "an unknown job",
];
const withoutBranch: Call[] = ["a branch that does not exist"];
const unparsable: Call = "workloads while a manifest cannot be parsed";

/** Changes in an order in which none of them is in the way of the next. */
const ends: End[] = [
  "nothing to change",
  "an image that does not exist",
  "a mismatch",
  "chosen containers that are so already",
  "a sync",
  "a lock",
  "a push that is rejected",
  "a release",
  "policies",
  "an author that nobody is",
];

const noSignatures = "the daemon of this test verifies no signatures";
const https = "the daemon of this test has a repository in a folder; gone.git stands for this";
const scanned = "the registry of this test knows its images from the beginning";
const editor = "the daemon of this test edits manifests with a few lines of its own";
const configured = "the daemon of this test has a repository that it may write to";

/** What was recorded and cannot be asked of this daemon, and why. */
const left: Partial<Record<Call | End, string>> = {
  "a sync without a repository": configured,
  "a sync of a repository that cannot be reached": https,
  "an export without an allow-list": "the cluster of this test exports a text of its own",
  "a dry run with an unknown image": scanned,
  "a dry run of a read-only daemon": configured,
  "a dry run without a repository": configured,
  "a dry run while the repository cannot be reached": https,
  "a dry run on an unsigned head": noSignatures,
  "a dry run before the first scan": scanned,
  "a release without a precondition": editor,
  "an invalid pattern": editor,
  "a sync on an unsigned head": noSignatures,
  "a release on an unsigned head": noSignatures,
  "a release of a read-only daemon": configured,
};

/** Shapes that differ, and why. */
const shapes: Record<string, string> = {
  "$.Labels: null instead of object": "the cluster of this test keeps no labels",
  "$.Result.publicSSHKey.fingerprints: null instead of object": "the key of this test has no fingerprints",
};

const seen = new Set<string>();

function unknownDifferences(here: readonly unknown[], recorded: readonly unknown[]): string[] {
  const found = differences(shapeOf(here), shapeOf(recorded));
  for (const each of found) seen.add(each);
  return found.filter((each) => !(each in shapes));
}

async function expectSame(daemon: RealDaemon, exchange: Exchange): Promise<void> {
  await expectUnderstood(await expectAnswered(daemon, exchange));
}

/** Fails unless an answer has the shape of the recorded one, but for the differences that are known. */
async function expectShape(daemon: RealDaemon, { request, response }: Exchange): Promise<Json[]> {
  const answer = await daemon.call(request);
  expect(unknownDifferences(byId(answer), byId(response))).toEqual([]);
  await expectUnderstood({ request, response: answer as unknown as Exchange["response"] });
  return byId(answer);
}

/** What a daemon says of its repository, as far as it is not the repository's own. */
async function expectRepository(daemon: RealDaemon, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const told = (await daemon.call(request)).result as { Result: Json };
  const recorded = response.result as { Result: Json };
  const of = ({ Result: { status, errors } }: { Result: Json }) => comparable({ status, errors });
  expect(of(told)).toEqual(of(recorded));
  expect(unknownDifferences([told], [recorded])).toEqual([]);
  await expectUnderstood({ request, response: { result: told, error: null } });
}

describe.runIf(program)(
  "a real daemon answers as the recorded one did, before its repository is there",
  () => {
    let daemon: RealDaemon;
    beforeAll(async () => {
      daemon = await RealDaemon.start(program as string, {});
    }, 120_000);
    afterAll(() => daemon?.close());

    it.each(early)("to %s", (name) => expectSame(daemon, sameCalls[name]));

    it("of its repository", () =>
      expectRepository(daemon, answered("GitRepoConfig", "has not been cloned yet")));
  },
);

describe.runIf(program)("a real daemon answers as the recorded one did, without its branch", () => {
  let daemon: RealDaemon;
  beforeAll(async () => {
    daemon = await RealDaemon.start(program as string, {});
    daemon.renameBranch();
    await daemon.release("does not exist");
  }, 120_000);
  afterAll(() => daemon?.close());

  it.each(withoutBranch)("to %s", (name) => expectSame(daemon, sameCalls[name]));

  it("of its repository", () =>
    expectRepository(daemon, answered("GitRepoConfig", "branch 'main' does not exist")));
});

describe.runIf(program)("a real daemon answers as the recorded one did, without its repository", () => {
  const gone = (exchange: Exchange): Exchange =>
    JSON.parse(JSON.stringify(exchange).replaceAll("gone.git", "shop.git"));
  let daemon: RealDaemon;
  beforeAll(async () => {
    daemon = await RealDaemon.start(program as string, {});
    daemon.loseRepository();
    await daemon.release("does not appear to be a git repository");
  }, 120_000);
  afterAll(() => daemon?.close());

  it("to a sync", () => expectSame(daemon, gone(answered("SyncStatus", "gone.git"))));

  it("of its repository", () => expectRepository(daemon, gone(answered("GitRepoConfig", "does not appear"))));
});

describe.runIf(program)("a real daemon answers as the recorded one did", () => {
  let daemon: RealDaemon;
  beforeAll(async () => {
    daemon = await RealDaemon.start(program as string, recordedManifests());
    await daemon.release("ready");
    await daemon.untilSynced();
  }, 120_000);
  afterAll(() => daemon?.close());

  it.each(ready)("to %s", (name) => expectSame(daemon, sameCalls[name]));

  it("of its repository", () => expectRepository(daemon, answered("GitRepoConfig", "ready")));

  it("with the same workloads", async () => {
    const facts = ({ ID, Containers, ReadOnly, Policies, Automated, Locked, Ignore, SyncError }: Json) => ({
      ...{ ID, Containers, ReadOnly, Policies, Automated, Locked, Ignore, SyncError },
    });
    const rows = await expectShape(
      daemon,
      find("ListServices", (_, text) => text.includes("ledger")),
    );
    expect(rows.map(facts)).toEqual(byId({ result: { Result: recordedRows() } }).map(facts));
  });

  it("with images of the same shape", async () => {
    const rows = await expectShape(daemon, answered("ListImagesWithOptions", ":latest"));
    expect(rows).toHaveLength(recordedRows().length);
  });

  it.each(ends)("at the end of %s", async (name) => {
    if (name === "a push that is rejected") daemon.raceNextPush();
    await expectUnderstood(await expectEnded(daemon, jobEnds[name]));
    if (name === "a push that is rejected")
      await expect.poll(() => JSON.stringify(daemon.events("sync"))).toContain(RealDaemon.racing);
    await daemon.untilSynced();
  });

  it("with the events of a release: commit, sync, release", async () => {
    await expect.poll(() => daemon.events("release").length).toBeGreaterThan(0);
    for (const type of ["commit", "sync", "release"]) {
      const posted = daemon.events(type).find((event) => JSON.stringify(event).includes("Größer"));
      expect(sortedEvent(posted)).toEqual(sortedEvent(postedEvent(type, "Größer")));
    }
  });

  it("with a first sync of the same shape", () => {
    const [posted] = daemon.events("sync");
    const recorded = postedEvent("sync", '"initialSync":true');
    expect(posted?.metadata).toMatchObject({ initialSync: true });
    expect(unknownDifferences([posted], [recorded])).toEqual([]);
  });

  it(`to ${unparsable}`, async () => {
    const words = /line 7: cannot unmarshal/;
    const path = "shop/bad.yaml";
    daemon.commit(
      path,
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: bad\n  namespace: shop\nspec:\n  replicas: x\n",
    );
    const { request } = sameCalls[unparsable];
    await daemon.until(request, (answer) => words.test(JSON.stringify(answer)));
    await expectSame(daemon, sameCalls[unparsable]);
  });

  it("with events that are all read whole", () => {
    expect(daemon.posted.length).toBeGreaterThan(4);
    for (const body of daemon.posted) expectEventRead(body);
  });
});

describe.runIf(program)("each difference of shape", () => {
  it("is there", () => expect([...seen].sort()).toEqual(Object.keys(shapes).sort()));
});

describe("each recorded call", () => {
  it("is asked of a real daemon, or left with a reason", () => {
    const asked = [...early, ...ready, ...withoutBranch, unparsable, ...ends, ...Object.keys(left)];
    expect(asked.sort()).toEqual([...Object.keys(sameCalls), ...Object.keys(jobEnds)].sort());
  });
});
