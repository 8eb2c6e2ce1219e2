import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileRuns } from "../../../recordings/fuzz.ts";
import { fluxCalls, fluxRecords } from "../../../recordings/recordings.ts";
import { fluxEventSchema, fluxWorkloadSchema } from "../../../shared/flux/schema.ts";
import { hostileVersion, jsonText } from "../../../shared/testing/hostile-json.ts";
import { documentedEvent, documentedFrames } from "../testing/documented.ts";
import { decodeFluxEvent } from "./decode-event.ts";
import { imageRows, jobOf, repositoryOf, workloadRows } from "./rows.ts";
import { wireImages, wireJob, wireRepository, wireWorkloads } from "./wire.ts";

const at = "2026-11-29T00:00:00.000Z";
const kept = { sequence: 1, connectionId: "c", daemonId: "d", receivedAt: at };
const events = [
  ...["release", "sync", "commit"].map(documentedEvent),
  ...fluxRecords().flatMap((each) => (each.kind === "event" ? [JSON.parse(String(each.body))] : [])),
];

function shown(body: unknown) {
  const {
    raw,
    spec: _spec,
    results: _results,
    commits: _commits,
    ...event
  } = decodeFluxEvent(jsonText(body));
  return { raw, event: fluxEventSchema.parse({ ...kept, ...event }) };
}

test("whatever an event holds, it is kept, and can be shown and stored", () => {
  let malformed = 0;
  fc.assert(
    fc.property(fc.constantFrom(...events), fc.nat(), (body, seed) => {
      const { raw, event } = shown(hostileVersion(body, seed));
      if (event.type === "malformed") malformed += 1;
      expect(JSON.stringify(event).length).toBeLessThan(10_000_000);
      expect(event.summary.length).toBeLessThan(2_100);
      expect(raw.length).toBeLessThan(300_000);
    }),
    hostileRuns(1_000),
  );
  expect(malformed).toBeGreaterThan(20);
});

test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
  "a workload named %s is one like any other",
  (id) => {
    const event = { ...documentedEvent("release"), serviceIDs: [id] };
    expect(shown(event).event).toMatchObject({ type: "release", workloads: [id], summary: `Released ${id}` });
    const [row] = workloadRows(
      wireWorkloads.parse([{ ID: id, ReadOnly: id, Policies: { [id]: "true" } }]),
      11,
    );
    expect(row).toMatchObject({ id, refusal: `The daemon says: ${id}.` });
  },
);

test("an event that is nested without end is kept as malformed", () => {
  const deep = `{"type":"commit","metadata":{"spec":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`;
  expect(decodeFluxEvent(deep)).toMatchObject({ type: "malformed", severity: "warning" });
});

const methods = ["ListServices", "ListImagesWithOptions", "JobStatus", "GitRepoConfig"];
const documented = methods.flatMap((section) =>
  documentedFrames(section, "answer").map(({ result }) => ({ section, result })),
);
const recorded = fluxCalls().flatMap(({ request, response }) => {
  const method = String(JSON.parse(request).method).replace("RPCServer.", "");
  return methods.includes(method)
    ? [{ section: method, result: JSON.parse(response).result as unknown }]
    : [];
});
const answers = [...documented, ...recorded]
  .map(({ section, result }) => ({
    section,
    result: (result as { Result?: unknown } | null)?.Result ?? result,
  }))
  .filter(({ result }) => result !== null);

function rowsOf(section: string, result: unknown): unknown {
  if (section === "ListServices") {
    const read = wireWorkloads.safeParse(result);
    const rows = read.success ? workloadRows(read.data, 11) : [];
    for (const row of rows) fluxWorkloadSchema.parse(row);
    return rows;
  }
  if (section === "ListImagesWithOptions") {
    const read = wireImages.safeParse(result);
    return read.success && imageRows(read.data, []);
  }
  if (section === "JobStatus") {
    const read = wireJob.safeParse(result);
    return read.success && jobOf("j", read.data, at);
  }
  const read = wireRepository.safeParse(result);
  return read.success && repositoryOf(read.data, at);
}

test("whatever an answer holds, it is read or refused, and its rows can be sent to the page", () => {
  fc.assert(
    fc.property(fc.constantFrom(...answers), fc.nat(), ({ section, result }, seed) => {
      const hostile = hostileVersion(result, seed);
      structuredClone(rowsOf(section, hostile));
    }),
    hostileRuns(1_000),
  );
});
