import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { OperationName } from "../../shared/catalogue.ts";
import type { TopicMessage } from "../../shared/contract/index.ts";
import type { LatticeRow } from "../../shared/lattice/schema.ts";
import { httpRequest } from "../support/http-request.ts";
import { preciseNow } from "./roles.ts";

type Listener = (row: LatticeRow) => void;

/** The HTTP interface of a console under measurement: its lattice's row as a live topic, and its operations. */
export class ConsoleOverHttp {
  readonly #origin: string;
  readonly #headers: Record<string, string>;
  readonly #end = new AbortController();
  readonly #listeners = new Set<Listener>();
  #row: LatticeRow | undefined;

  constructor(port: number, dataDirectory: string) {
    this.#origin = `http://127.0.0.1:${port}`;
    const token = readFileSync(join(dataDirectory, "token"), "utf8").trim();
    this.#headers = { authorization: `Bearer ${token}` };
  }

  /** Calls a query. Throws what the console answers when it fails. */
  async call<Output>(name: OperationName, input: Record<string, unknown>): Promise<Output> {
    const { url, init } = httpRequest(name, input, {});
    const headers = { ...init.headers, ...this.#headers };
    const response = await fetch(this.#origin + url, { ...init, headers });
    if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
    return (await response.json()) as Output;
  }

  /** Begins to follow the row of one lattice. */
  async follow(connectionId: string, lattice: string): Promise<void> {
    const response = await fetch(`${this.#origin}/api/stream?topics=lattice.lattices:${connectionId}`, {
      headers: this.#headers,
      signal: this.#end.signal,
    });
    if (!response.ok || !response.body) throw new Error(await response.text());
    void this.#read(response.body, lattice).catch(() => undefined);
  }

  onRow(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the time, by `preciseNow`, at which the row first fits; rejects after the patience. */
  until(what: string, fits: (row: LatticeRow) => boolean, patienceMs = 120_000): Promise<number> {
    if (this.#row && fits(this.#row)) return Promise.resolve(preciseNow());
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        stop();
        reject(new Error(`never came: ${what}; the last row is ${JSON.stringify(this.#row)}`));
      }, patienceMs);
      const stop = this.onRow((row) => {
        if (!fits(row)) return;
        clearTimeout(late);
        stop();
        resolve(preciseNow());
      });
    });
  }

  /** The row after it has not changed for a while. */
  async quiet(): Promise<LatticeRow> {
    for (let before = -1; ; await pause(1_500)) {
      if (this.#row && this.#row.phase === "live" && this.#row.eventsTotal === before) return this.#row;
      before = this.#row?.eventsTotal ?? -1;
    }
  }

  close(): void {
    this.#end.abort();
  }

  async #read(body: ReadableStream<Uint8Array>, lattice: string): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) if (part.startsWith("data: ")) this.#take(JSON.parse(part.slice(6)), lattice);
    }
  }

  #take(message: TopicMessage, lattice: string): void {
    if (message.kind === "closed") return;
    const rows = (message.kind === "snapshot" ? message.rows : message.upsert) as LatticeRow[];
    const row = rows.find((each) => each.lattice === lattice);
    if (!row) return;
    this.#row = row;
    for (const listener of [...this.#listeners]) listener(row);
  }
}
