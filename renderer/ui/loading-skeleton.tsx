import { type ReactNode, useEffect, useState } from "react";
import { EmptyState } from "./empty-state.tsx";
import classes from "./loading-skeleton.module.css";
import { useNotRead } from "./not-read.tsx";

const patienceMs = 150;

/** Shows its children only when waiting has become noticeable, so that quick answers do not flicker. */
export function AfterAMoment({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return shown ? children : null;
}

/** Rows in the height of the real ones, after a moment; where nothing can be read, the reason. */
export function LoadingSkeleton({ rows = 6, height = 20 }: { rows?: number; height?: number }) {
  const notRead = useNotRead();
  if (notRead) return <EmptyState {...notRead} />;
  const lines = Array.from({ length: rows }, (_unused, line) => line);
  return (
    <AfterAMoment>
      <div role="status" aria-label="Loading" className={classes.lines}>
        {lines.map((line) => (
          <span key={line} style={{ height, width: `${92 - ((line * 17) % 38)}%` }} />
        ))}
      </div>
    </AfterAMoment>
  );
}
