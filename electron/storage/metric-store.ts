import { type Database, probeWriting, type Statement } from "./database.ts";
import type { ErasableStore } from "./erasures.ts";
import { WriteHealth } from "./write-health.ts";

export interface MetricSample {
  family: string;
  /** What it was measured of, such as a queue. */
  subject: string;
  value: number;
}

export interface MetricSpan {
  connectionId: string;
  /** Seconds since 1970; `to` does not belong to it. */
  from: number;
  to: number;
  stepSeconds: number;
  family?: string | undefined;
  subject?: string | undefined;
}

/** The mean of one step, counted from `from`. */
export interface MetricPoint {
  family: string;
  subject: string;
  step: number;
  value: number;
}

const store = { name: "recorded figures", meanwhile: "New figures of jobs servers are not recorded." };
const keptSeconds = 3 * 24 * 3_600;
const keptRows = 3_000_000;
const pruneEvery = 240;
const eraseRows = 5_000;
const probeMs = 5_000;

/** Series of removed connections bear it and their own id; no connection can be called so. */
const erasedPrefix = "erased:";

/** Figures over time that the console records itself: of three days, three million at most. */
export class MetricStore implements ErasableStore {
  private readonly ids: Map<string, number>;
  private readonly insertSeries: Statement;
  private readonly findSeries: Statement;
  private readonly insertSample: Statement;
  private readonly select: Statement;
  private appends = 0;
  private probing: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly now: () => number,
    private readonly health = new WriteHealth(() => undefined),
  ) {
    this.ids = database.cache();
    this.insertSeries = database.prepare(
      "INSERT INTO metric_series (connection_id, family, subject) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.findSeries = database.prepare(
      "SELECT id FROM metric_series WHERE connection_id = ? AND family = ? AND subject = ?",
    );
    this.insertSample = database.prepare(
      "INSERT INTO metric_samples (series, at, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    this.select = database.prepare(`
      SELECT family, subject, CAST((at - ?) / ? AS INTEGER) AS step, avg(value) AS value
      FROM metric_series JOIN metric_samples ON series = id
      WHERE connection_id = ? AND (? IS NULL OR family = ?) AND (? IS NULL OR subject = ?) AND at >= ? AND at < ?
      GROUP BY id, step ORDER BY family, subject, step
    `);
  }

  /** Records what was read at one moment. Throws the driver's error, and then nothing of it is kept. */
  append(connectionId: string, samples: readonly MetricSample[]): void {
    const at = Math.floor(this.now() / 1_000);
    this.orProbe(() => this.health.watch(store, samples.length, () => this.write(connectionId, at, samples)));
  }

  /** After a failure nobody may have figures for a while, and yet it has to be told when they could be written again. */
  private orProbe(work: () => void): void {
    clearTimeout(this.probing);
    try {
      work();
    } catch (error) {
      this.probing = setTimeout(() => this.probe(), probeMs);
      this.probing.unref();
      throw error;
    }
  }

  private probe(): void {
    try {
      this.orProbe(() => this.health.watch(store, 0, () => probeWriting(this.database)));
    } catch {
      // The notice stands, and the next probe is set.
    }
  }

  close(): void {
    clearTimeout(this.probing);
    this.database.close();
  }

  /** The recorded figures of a span, in steps; steps without any are left out. */
  read(span: MetricSpan): MetricPoint[] {
    const family = span.family ?? null;
    const subject = span.subject ?? null;
    const { from, to, stepSeconds, connectionId } = span;
    const rows = this.select.all([
      from,
      stepSeconds,
      connectionId,
      family,
      family,
      subject,
      subject,
      from,
      to,
    ]);
    return rows.map((row) => ({
      family: String(row.family),
      subject: String(row.subject),
      step: Number(row.step),
      value: Number(row.value),
    }));
  }

  /** From now on, no figure of the connection that was recorded before is found. */
  forget(connectionId: string): void {
    this.database.transaction(() =>
      this.database
        .prepare("UPDATE metric_series SET connection_id = ? || id WHERE connection_id = ?")
        .run([erasedPrefix, connectionId]),
    );
    this.ids.clear();
  }

  /** Takes out some of the figures that were forgotten; answers whether there may be more. */
  eraseSome(): boolean {
    const series = this.database
      .prepare("SELECT id FROM metric_series WHERE connection_id >= ? AND connection_id < ? LIMIT 1")
      .get([erasedPrefix, `${erasedPrefix}:`])?.id;
    if (series === undefined || series === null) return false;
    this.database.transaction(() => {
      const some = `SELECT at FROM metric_samples WHERE series = ? LIMIT ${eraseRows}`;
      const removed = this.database
        .prepare(`DELETE FROM metric_samples WHERE series = ? AND at IN (${some})`)
        .run([series, series]);
      if (removed < eraseRows) this.database.prepare("DELETE FROM metric_series WHERE id = ?").run([series]);
    });
    return true;
  }

  private write(connectionId: string, at: number, samples: readonly MetricSample[]): void {
    // Before anything is added: where the disk is full, this is what makes room.
    if (this.appends % pruneEvery === 0) this.database.transaction(() => this.prune(at));
    this.database.transaction(() => {
      for (const { family, subject, value } of samples)
        this.insertSample.run([this.seriesId(connectionId, family, subject), at, value]);
    });
    this.appends += 1;
  }

  private seriesId(connectionId: string, family: string, subject: string): number {
    const key = JSON.stringify([connectionId, family, subject]);
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    this.insertSeries.run([connectionId, family, subject]);
    const id = Number(this.findSeries.get([connectionId, family, subject])?.id);
    this.ids.set(key, id);
    return id;
  }

  private prune(at: number): void {
    this.database.prepare("DELETE FROM metric_samples WHERE at < ?").run([at - keptSeconds]);
    const count = Number(this.database.prepare("SELECT count(*) AS count FROM metric_samples").get()?.count);
    if (count <= keptRows) return;
    this.database
      .prepare(
        "DELETE FROM metric_samples WHERE at <= (SELECT at FROM metric_samples ORDER BY at LIMIT 1 OFFSET ?)",
      )
      .run([count - keptRows]);
  }
}
