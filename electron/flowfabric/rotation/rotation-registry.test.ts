import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Failure } from "../../../shared/contract/index.ts";
import type { RotationRow } from "../../../shared/flowfabric/rotation-schema.ts";
import { memorySecrets, type SecretStore } from "../../connections/secrets.ts";
import { lockFolder } from "../../storage/data-folder.ts";
import { openStorage } from "../../storage/storage.ts";
import type { Storage } from "../../storage/stores.ts";
import type { AttemptSteps, Rotation, Sending } from "./rotation.ts";
import { RotationRegistry } from "./rotation-registry.ts";

const connectionId = "here";
const places = ["flowfabric redis://127.0.0.1:6379"];
const owner = (row: Readonly<RotationRow>): string => `rotation:${row.id}`;

let directory: string;
let storage: Storage;
let secrets: SecretStore;
let errors: unknown[];
let ledger: RotationRegistry;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-rotations-"));
  storage = openStorage(lockFolder(directory, "headless"));
  secrets = memorySecrets();
  errors = [];
  ledger = open();
});
afterEach(() => {
  vi.useRealTimers();
  ledger.close();
  storage.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(): RotationRegistry {
  const onError = (error: unknown): void => void errors.push(error);
  return new RotationRegistry({ store: storage.rotations, secrets, now: Date.now, onError });
}

/** Another run of the console on the data that a crash left behind. */
function afterCrash(): RotationRegistry {
  ledger = open();
  return ledger;
}

function begin(keyId = "k2", partitions = 4): Promise<Rotation> {
  const request = {
    connectionId,
    way: "direct",
    keyId,
    partitions,
    partitionsFrom: "valkey",
    previousKeyIds: ["k1"],
    unreadBefore: [],
  } as const;
  return ledger.begin(request, async () => ({ request, secretHex: undefined, places }));
}

/** An attempt that sends until the test lets it end. */
function heldAttempt(): { steps: AttemptSteps; sending: Promise<Sending>; end(failure?: Failure): void } {
  let begun = (_sending: Sending): void => undefined;
  let end = (_failure?: Failure): void => undefined;
  const sending = new Promise<Sending>((resolve) => {
    begun = resolve;
  });
  const over = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure ? reject(failure) : resolve());
  });
  const send = (parts: Sending): Promise<void> => {
    begun(parts);
    return over;
  };
  return { steps: { places, prepare: async () => undefined, send }, sending, end: (failure) => end(failure) };
}

const failed = new Failure({ code: "timeout", message: "No answer came." });

function onDisk(): RotationRow[] {
  return storage.rotations.load().map(({ body }) => JSON.parse(body) as RotationRow);
}

function states(rows: readonly Readonly<RotationRow>[]): string[][] {
  return rows.map(({ partitions }) => partitions.map(({ state }) => state));
}

function converge({ row }: Sending): void {
  for (const cell of row.partitions) cell.state = "rotated";
}

function withSecretsThatStay(): SecretStore {
  const { kind, get, put, adopt, names } = secrets;
  const remove = () => Promise.reject(new Error("disk full"));
  const inner = { get, put, adopt, names };
  for (const [name, method] of Object.entries(inner)) Object.assign(inner, { [name]: method.bind(secrets) });
  return { kind, ...inner, remove };
}

describe("one attempt at a time", () => {
  test("a second one, and giving up, are refused in the very turn of the first", async () => {
    const rotation = await begin();
    const held = heldAttempt();
    const first = rotation.attempt(held.steps);
    await expect(rotation.attempt(heldAttempt().steps)).rejects.toMatchObject({
      code: "conflict",
      message: "This rotation is running.",
      details: { delivered: false },
    });
    await expect(rotation.abandon()).rejects.toMatchObject({ code: "conflict" });
    converge(await held.sending);
    expect(secrets.names(owner(rotation.row))).toEqual(["seed"]);
    held.end();
    await first;
    expect(rotation.row).toMatchObject({ state: "converged", attempts: [{ number: 1 }] });
    expect(secrets.names(owner(rotation.row))).toEqual([]);
  });

  test("a stop before the secret is read sends nothing", async () => {
    const rotation = await begin();
    const held = heldAttempt();
    const attempt = rotation.attempt(held.steps);
    rotation.stop();
    await expect(attempt).rejects.toMatchObject({ code: "conflict", details: { delivered: false } });
    expect(rotation.row).toMatchObject({ state: "unfinished", attempts: [] });
  });

  test("a connection has one rotation that begins, while its partitions are read as well", async () => {
    const outcomes = await Promise.allSettled([begin("k2"), begin("k3")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(ledger.list(connectionId)).toMatchObject([{ keyId: "k2" }]);
  });

  test("what was read of the keys before an attempt does not count after it", async () => {
    const rotation = await begin();
    const takeIn = rotation.look();
    const held = heldAttempt();
    const attempt = rotation.attempt(held.steps);
    converge(await held.sending);
    held.end();
    await attempt;
    takeIn([{ partition: 0, currentKeyId: "k1", verifying: [] }]);
    expect(states([rotation.row])).toEqual([["rotated", "rotated", "rotated", "rotated"]]);
  });
});

describe("the removal of its connection", () => {
  test("ends the attempt, then destroys the secret, and nothing of it comes back", async () => {
    const changes: string[] = [];
    ledger.onChange((_connection, upsert, remove) => {
      changes.push(...upsert.map(({ state }) => state), ...remove.map(() => "removed"));
    });
    const rotation = await begin();
    const held = heldAttempt();
    const attempt = rotation.attempt(held.steps);
    const sending = await held.sending;
    const removal = ledger.forget(connectionId);
    expect(sending.signal.aborted).toBe(true);
    expect(ledger.list(connectionId)).toEqual([]);
    await Promise.resolve();
    expect(secrets.names(owner(rotation.row))).toEqual(["seed"]);
    sending.onProgress();
    held.end(failed);
    await expect(attempt).rejects.toBe(failed);
    await removal;
    expect(secrets.names(owner(rotation.row))).toEqual([]);
    expect(onDisk()).toEqual([]);
    expect(changes.at(-1)).toBe("removed");
    expect(afterCrash().list(connectionId)).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("while its partitions are still read keeps it from beginning", async () => {
    let read = (): void => undefined;
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    const request = { connectionId, way: "direct", keyId: "k2", partitions: 4 } as const;
    const begun = ledger.begin(request, async () => {
      await reading;
      return {
        request: { ...request, partitionsFrom: "valkey", previousKeyIds: [], unreadBefore: [] },
        secretHex: undefined,
        places,
      };
    });
    await ledger.forget(connectionId);
    read();
    await expect(begun).rejects.toMatchObject({ code: "not_found", details: { delivered: false } });
    expect(onDisk()).toEqual([]);
  });

  test("that a crash cuts off is finished by the next start", async () => {
    const rotation = await begin();
    const held = heldAttempt();
    void rotation.attempt(held.steps).catch(() => undefined);
    await held.sending;
    void ledger.forget(connectionId);
    afterCrash();
    await vi.waitFor(() => expect(secrets.names(owner(rotation.row))).toEqual([]));
    expect(ledger.unfinished(connectionId)).toBeUndefined();
  });
});

describe("the end of an attempt", () => {
  test("is told as it was where the secret could not be destroyed, which the next start does", async () => {
    const real = secrets;
    secrets = withSecretsThatStay();
    ledger = open();
    const rotation = await begin();
    const held = heldAttempt();
    const attempt = rotation.attempt(held.steps);
    converge(await held.sending);
    held.end(failed);
    await expect(attempt).rejects.toBe(failed);
    expect(errors).toMatchObject([{ message: "disk full" }]);
    expect(rotation.row).toMatchObject({ state: "converged", secret: { held: true } });
    secrets = real;
    afterCrash();
    await vi.waitFor(() => expect(onDisk()).toMatchObject([{ secret: { held: false } }]));
    expect(secrets.names(owner(rotation.row))).toEqual([]);
  });

  test("keeps the secret where the end could not be written", async () => {
    const rotation = await begin();
    const held = heldAttempt();
    const attempt = rotation.attempt(held.steps);
    converge(await held.sending);
    storage.rotations.remove(rotation.row.id);
    held.end();
    await attempt;
    expect(errors).toHaveLength(1);
    expect(secrets.names(owner(rotation.row))).toEqual(["seed"]);
  });
});

describe("after a crash", () => {
  test("nothing that an attempt may have sent is called waiting or failed", async () => {
    const rotation = await begin("k2", 5);
    const first = heldAttempt();
    const attempt = rotation.attempt(first.steps);
    Object.assign((await first.sending).row.partitions[1] ?? {}, { state: "failed" });
    Object.assign((await first.sending).row.partitions[2] ?? {}, { state: "already" });
    first.end(failed);
    await expect(attempt).rejects.toBe(failed);
    const second = heldAttempt();
    void rotation.attempt(second.steps).catch(() => undefined);
    await second.sending;
    const [row] = afterCrash().list(connectionId);
    expect(row?.partitions.map(({ state }) => state)).toEqual([
      "unknown",
      "unknown",
      "already",
      "unknown",
      "unknown",
    ]);
    expect(row).toMatchObject({ state: "unfinished", attempts: [{ number: 1 }, { number: 2 }] });
    expect(states(onDisk())).toEqual(states([row as RotationRow]));
    second.end();
  });

  test("what was never sent is still waiting", async () => {
    await begin();
    expect(states(afterCrash().list(connectionId))).toEqual([["waiting", "waiting", "waiting", "waiting"]]);
  });

  test("rows that older consoles left behind are read in the same way", async () => {
    const rotation = await begin();
    const row = structuredClone(rotation.row) as RotationRow;
    const notice = "The console stopped in the middle: retry with the same key to find out and to finish.";
    const older = [
      { ...row, state: "running", attempts: [] },
      { ...row, state: "unfinished", attempts: [], notices: [notice] },
    ];
    for (const left of older) {
      storage.rotations.update({ id: row.id, body: JSON.stringify(left) });
      expect(states(afterCrash().list(connectionId))).toEqual([["unknown", "unknown", "unknown", "unknown"]]);
    }
  });

  test("the progress of a running attempt is on disk, written at a bounded rate", async () => {
    vi.useFakeTimers();
    const rotation = await begin("k2", 1_000);
    const held = heldAttempt();
    const attempt = rotation.attempt(held.steps);
    const { row, onProgress } = await held.sending;
    const update = vi.spyOn(storage.rotations, "update");
    for (const cell of row.partitions) {
      cell.state = "rotated";
      onProgress();
      vi.advanceTimersByTime(1);
    }
    expect(update.mock.calls.length).toBeGreaterThan(0);
    expect(update.mock.calls.length).toBeLessThanOrEqual(2);
    expect(onDisk()[0]?.partitions.filter(({ state }) => state === "rotated").length).toBeGreaterThan(490);
    held.end();
    await attempt;
  });
});
