import { Skeleton } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";

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

/** Rows in the height of the real ones, after a moment. */
export function LoadingSkeleton({ rows = 6, height = 20 }: { rows?: number; height?: number }) {
  const lines = Array.from({ length: rows }, (_unused, line) => line);
  return (
    <AfterAMoment>
      <div role="status" aria-label="Loading" style={{ display: "grid", gap: 12, padding: 12 }}>
        {lines.map((line) => (
          <Skeleton key={line} height={height} width={`${92 - ((line * 17) % 38)}%`} />
        ))}
      </div>
    </AfterAMoment>
  );
}
