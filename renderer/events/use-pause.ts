import { useEffect, useRef, useState } from "react";
import type { EventFollower } from "./event-follower.ts";

/** Holds the list while it is paused, scrolled down or under the pointer; going on goes back to the newest event. */
export function usePause(follower: EventFollower, toTop: () => void) {
  const [paused, setPaused] = useState(false);
  const [holds, setHolds] = useState({ pointer: false, scroll: false });
  const latestToTop = useRef(toTop);
  latestToTop.current = toTop;
  const held = paused || holds.pointer || holds.scroll;
  useEffect(() => follower.setHeld(held), [follower, held]);
  const hold = (source: "pointer" | "scroll", now: boolean) =>
    setHolds((before) => (before[source] === now ? before : { ...before, [source]: now }));
  const resume = () => {
    setPaused(false);
    // Said with the pointer or a key inside the list as well, so it also lets go of what held it there.
    setHolds({ pointer: false, scroll: false });
    latestToTop.current();
  };
  return {
    paused: held && (paused || holds.scroll),
    pause: () => setPaused(true),
    toggle: () => (paused || holds.scroll ? resume() : setPaused(true)),
    hold,
  };
}
