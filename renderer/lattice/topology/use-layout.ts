import ELK, { type ELK as LayoutEngine } from "elkjs/lib/elk-api.js";
import workerUrl from "elkjs/lib/elk-worker.min.js?url";
import { useEffect, useMemo, useRef, useState } from "react";
import { boxesOf, type Layout, layoutRequest } from "./layout.ts";
import type { Graph } from "./topology-graph.ts";

/** Changes that come together are laid out together. */
const restMs = 150;

interface LayoutState {
  layout: Layout | undefined;
  /** The layout is that of an earlier graph. */
  pending: boolean;
  failed: boolean;
}

/**
 * Where everything stands. The engine works in a worker, and again only when what there is has changed: names, numbers
 * and health move nothing. Until it has answered, things stand where they stood.
 */
export function useLayout(graph: Graph): LayoutState {
  const [answer, setAnswer] = useState<{ request: string; layout: Layout }>();
  const [failed, setFailed] = useState(false);
  const engine = useRef<LayoutEngine>(undefined);
  const first = useRef(true);
  useEffect(() => {
    const made = startEngine(() => setFailed(true));
    engine.current = made;
    return () => made.terminateWorker();
  }, []);
  const request = useMemo(() => JSON.stringify(layoutRequest(graph)), [graph]);
  useEffect(() => {
    let dropped = false;
    const work = async () => {
      first.current = false;
      try {
        const answer = await engine.current?.layout(JSON.parse(request));
        if (answer && !dropped) setAnswer({ request, layout: boxesOf(answer) });
      } catch {
        if (!dropped) setFailed(true);
      }
    };
    const timer = setTimeout(() => void work(), first.current ? 0 : restMs);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [request]);
  return { layout: answer?.layout, pending: answer?.request !== request, failed };
}

function startEngine(onError: () => void): LayoutEngine {
  return new ELK({
    workerFactory: () => {
      const worker = new Worker(workerUrl);
      // The library waits for ever for a worker that could not be loaded.
      worker.addEventListener("error", onError);
      return worker;
    },
  });
}
