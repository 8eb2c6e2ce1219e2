import type { Database, SqlRow } from "./database.ts";
import { type FluxEventBounds, fluxEventBounds } from "./flux-event-log.ts";

const pageRows = 100;

/**
 * Takes Flux events over from the database that they were kept in before, the newest within the bounds. They are on the
 * disk when this returns, and may be taken over again after a crash.
 */
export function moveFluxEvents(
  from: Database,
  to: Database,
  bounds: FluxEventBounds = fluxEventBounds,
): void {
  const kept = from.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'flux_events'").get();
  if (!kept) return;
  const insert = to.prepare(
    "INSERT OR IGNORE INTO flux_events (sequence, connection_id, daemon_id, body, raw) VALUES (?, ?, ?, ?, ?)",
  );
  to.transaction(() => {
    for (const { sequence, connection_id, daemon_id, body, raw } of newestRows(from, bounds))
      insert.run([Number(sequence), String(connection_id), String(daemon_id), String(body), String(raw)]);
  });
  to.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
}

function* newestRows(from: Database, bounds: FluxEventBounds): Iterable<SqlRow> {
  const page = from.prepare(
    "SELECT *, octet_length(body) + octet_length(raw) AS bytes FROM flux_events WHERE sequence < ? ORDER BY sequence DESC LIMIT ?",
  );
  let left = bounds.bytes;
  let before = Number.MAX_SAFE_INTEGER;
  for (let count = 0; count < bounds.rows; count += pageRows) {
    const rows = page.all([before, Math.min(pageRows, bounds.rows - count)]);
    for (const row of rows) {
      left -= Number(row.bytes);
      if (left < 0) return;
      yield row;
      before = Number(row.sequence);
    }
    if (rows.length < pageRows) return;
  }
}
