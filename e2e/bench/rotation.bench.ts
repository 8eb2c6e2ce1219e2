import { Redis } from "iovalkey";
import { rotateDirectly } from "../../electron/flowfabric/rotation/direct-rotation.ts";
import { ValkeyStore } from "../../electron/flowfabric/valkey/valkey.ts";
import { median, report } from "../support/figures.ts";
import { startPlaygroundProcess } from "../support/playground.ts";

const partitions = Array.from({ length: 256 }, (_, partition) => partition);
const graceMs = 86_400_000;
const rounds = 15;
const secretHex = "ab".repeat(32);

/** The same calls, written at once by a bare client. */
async function bare(redis: Redis, keyId: string): Promise<number> {
  const start = performance.now();
  const pipeline = redis.pipeline();
  for (const partition of partitions)
    pipeline.fcall(
      "ff_rotate_waitpoint_hmac_secret",
      1,
      `ff:sec:{fp:${partition}}:waitpoint_hmac`,
      keyId,
      secretHex,
      String(graceMs),
    );
  await pipeline.exec();
  return performance.now() - start;
}

async function ours(store: ValkeyStore, keyId: string): Promise<number> {
  const start = performance.now();
  let rotated = 0;
  await rotateDirectly({
    store,
    partitions,
    call: { keyId, secretHex, graceMs },
    onSending: () => undefined,
    onOutcome: (_partition, { status }) => {
      if (status === "rotated") rotated += 1;
    },
    signal: new AbortController().signal,
  });
  if (rotated !== partitions.length) throw new Error(`only ${rotated} partitions were rotated`);
  return performance.now() - start;
}

async function main(): Promise<void> {
  const playground = await startPlaygroundProcess([
    "--calm",
    "--hosts",
    "0",
    "--no-staging",
    "--systems",
    "flowfabric",
  ]);
  const address = String(playground.systems.flowfabric?.valkey);
  const password = String(playground.systems.flowfabric?.valkeyPassword);
  const store = await ValkeyStore.open({ addresses: [address], password, cluster: false, timeoutMs: 5_000 });
  const redis = new Redis(address, { password });
  try {
    const [bareMs, oursMs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      bareMs.push(await bare(redis, `bare-${round}`));
      oursMs.push(await ours(store, `ours-${round}`));
    }
    const details = { partitions: partitions.length, rounds };
    report({ name: "rotation.direct", value: median(oursMs), unit: "ms", details });
    report({ name: "rotation.bare-pipeline", value: median(bareMs), unit: "ms", details });
    report({
      name: "rotation.direct-over-bare",
      value: median(oursMs) / median(bareMs),
      unit: "ratio",
      budget: { atMost: 2 },
    });
  } finally {
    redis.disconnect();
    store.close();
    await playground.stop();
  }
}

await main();
