import { Progress } from "@mantine/core";
import { useEffect, useState } from "react";
import { formatDuration } from "../../ui/format.ts";
import classes from "./placement.module.css";

interface WindowLineProps {
  /** By the page's own clock, in milliseconds. */
  openedAt: number;
  windowMs: number;
  bids: number;
}

const lookMs = 80;

/** The time in which hosts may answer, as a thin line, and what has come so far. */
export function WindowLine({ openedAt, windowMs, bids }: WindowLineProps) {
  const passed = Math.min(windowMs, usePassed(openedAt));
  const over = passed >= windowMs;
  return (
    <div className={classes.window}>
      <Progress
        size={3}
        radius={0}
        value={(passed / windowMs) * 100}
        aria-label="Window of the auction"
        transitionDuration={0}
      />
      <p role="status" className={classes.windowText}>
        {bids === 0 ? "No bid yet" : `${bids} ${bids === 1 ? "bid" : "bids"} so far`}
        {over
          ? " · the window is over; hosts whose part is in doubt are read once more"
          : ` · hosts may answer for ${formatDuration(windowMs)}`}
      </p>
    </div>
  );
}

function usePassed(openedAt: number): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), lookMs);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, now - openedAt);
}
