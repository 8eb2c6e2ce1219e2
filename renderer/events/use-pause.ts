import { useCallback, useEffect, useRef, useState } from "react";
import type { EventFollower } from "./event-follower.ts";

/** Holds the list while it is paused, scrolled down or under the pointer; going on goes back to the newest event. */
export function usePause(follower: EventFollower, toTop: () => void) {
  const why = useRef({ paused: false, pointer: false, scroll: false });
  const [stands, setStands] = useState(false);
  const tell = useCallback(() => {
    const { paused, pointer, scroll } = why.current;
    follower.setHeld(paused || pointer || scroll);
    setStands(paused || scroll);
  }, [follower]);
  useEffect(tell, [tell]);
  const latestToTop = useRef(toTop);
  latestToTop.current = toTop;
  // Told at once and not when it is drawn: an event in between would put another row under a pointer about to press.
  const change = (part: Partial<typeof why.current>) => {
    Object.assign(why.current, part);
    tell();
  };
  const resume = () => {
    // Said with the pointer or a key inside the list as well, so it also lets go of what held it there.
    change({ paused: false, pointer: false, scroll: false });
    latestToTop.current();
  };
  return {
    paused: stands,
    pause: () => change({ paused: true }),
    toggle: () => (stands ? resume() : change({ paused: true })),
    hold: (source: "pointer" | "scroll", now: boolean) => {
      if (why.current[source] !== now) change({ [source]: now });
    },
  };
}
