const works = new Set<() => void>();

function runAll(): void {
  for (const work of works) work();
}

/** Runs the work when this process exits, unless it is withdrawn before; returns how to withdraw it. */
export function atExit(work: () => void): () => void {
  if (works.size === 0) process.once("exit", runAll);
  works.add(work);
  return () => {
    works.delete(work);
    if (works.size === 0) process.removeListener("exit", runAll);
  };
}
