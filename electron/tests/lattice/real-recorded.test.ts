import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Difference } from "../../../playground/lattice/testing/recorded-comparison.ts";
import {
  courseOf,
  type Exception,
  unexplained,
  untold,
} from "../../../playground/lattice/testing/recorded-course.ts";
import { replay } from "../../../playground/lattice/testing/recorded-replay.ts";
import { latticeMessages } from "../../../recordings/recordings.ts";
import { RealTarget } from "../../lattice/testing/real-target.ts";
import {
  foldDifferences,
  isEvent,
  unreadEvents,
  unreadReplies,
} from "../../lattice/testing/said-by-hosts.ts";

/** Path of a real wasmCloud host, set by `npm run interop -- lattice`. */
const program = process.env.SWITCHYARD_WASMCLOUD_HOST;
const version = "1.9.2";

const messages = latticeMessages(version);
const line = (first: number, reason: string, last = first): Exception => ({
  version,
  lines: [first, last],
  reason,
});
const skipped = (first: number, last: number, reason: string): Exception => ({
  ...line(first, reason, last),
  skip: true,
});

const otherPrefix = "the host of this test has the default prefix of subjects";
const noRegistry = "the host of this test is not told to trust a registry without TLS";
const noPolicy = "the host of this test asks no policy service";
const noBuiltin = "the host of this test has one builtin, http-server";
const takesFiles = "the host of this test takes images from files";

/** Where real hosts differ, and why that is no fault of ours. */
const exceptions: readonly Exception[] = [
  ...untold,
  ...messages.flatMap((message, index) =>
    (message.kind === "reply" ? message.to : message.subject).startsWith("acme.")
      ? [skipped(index + 1, index + 1, otherPrefix)]
      : [],
  ),
  skipped(556, 556, otherPrefix),
  {
    ...line(1, "the host of this test is started without labels; they are put afterwards", messages.length),
    request: "host_started",
  },
  skipped(517, 519, noPolicy),
  skipped(549, 552, "a registry that hangs"),
  line(526, noBuiltin, 528),
  line(533, noBuiltin),
  line(537, noBuiltin),
  line(543, takesFiles, 545),
  line(792, "a server with a domain of JetStream"),
  line(127, noRegistry),
  line(130, noRegistry),
  line(135, noRegistry),
  line(328, noRegistry),
  line(331, noRegistry),
  line(345, noRegistry),
  line(475, noRegistry),
];

describe.runIf(program)("real hosts do as the recorded ones", () => {
  let target: RealTarget;
  let differences: Difference[];
  beforeAll(async () => {
    target = await RealTarget.start(program as string, messages);
    differences = await replay(messages, courseOf(version, exceptions), target);
  }, 600_000);
  afterAll(() => target?.close());

  it("in reply, events and their order, inventory and links", () => {
    expect(unexplained(version, exceptions, differences)).toEqual({ differences: [], needless: [] });
  });

  it("and what they say is read whole", () => {
    expect(target.said.filter(isEvent).length).toBeGreaterThan(200);
    expect(unreadEvents(target.said)).toEqual([]);
    expect(unreadReplies(target.said)).toEqual([]);
  });

  it("and their events lead to what they list when they are asked next, or to the question", () => {
    const unasked = foldDifferences(target.said).filter(({ asked }) => !asked);
    expect(unasked).toEqual([]);
  });
});
