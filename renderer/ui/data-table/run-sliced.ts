import type { SlicedRunner } from "./order-engine.ts";

const budgetMs = 6;

/** Runs the first slice at once and the rest between frames, never longer than a few milliseconds at a time. */
export const runBetweenFrames: SlicedRunner = (work, done) => {
  const channel = new MessageChannel();
  let dropped = false;
  const turn = () => {
    if (dropped) return;
    const end = performance.now() + budgetMs;
    do {
      const step = work.next();
      if (step.done) {
        channel.port1.close();
        done(step.value);
        return;
      }
    } while (performance.now() < end);
    channel.port2.postMessage(undefined);
  };
  channel.port1.onmessage = turn;
  turn();
  return () => {
    dropped = true;
    channel.port1.close();
  };
};
