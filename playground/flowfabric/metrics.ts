const scanners =
  "attempt_timeout budget_reconciler budget_reset cancel_reconciler delayed_promoter dependency_reconciler edge_cancel_dispatcher edge_cancel_reconciler execution_deadline flow_projector index_reconciler lease_expiry pending_wp_expiry quota_reconciler retention_trimmer suspension_timeout unblock".split(
    " ",
  );

const buckets = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

/** What the server counts; the text of `/metrics` as the Prometheus exporter writes it. */
export class Metrics {
  readonly #requests = new Map<string, { labels: string; count: number; seconds: number }>();
  readonly #startedAt: number;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  count(request: { method: string; path: string; status: number; seconds: number }): void {
    const labels = `method="${request.method}",path="${request.path}",status="${request.status}"`;
    const known = this.#requests.get(labels) ?? { labels, count: 0, seconds: 0 };
    this.#requests.set(labels, { labels, count: known.count + 1, seconds: known.seconds + request.seconds });
  }

  /** Families in the order of their names; claims are those of each lane. */
  text(claims: ReadonlyMap<string, number>): string {
    const backlog = "ff_cancel_backlog_depth";
    const lines = [...head(backlog, "gauge"), sample(backlog, "", 0)];
    const claimed = [...claims].map(([lane, count]) => ({ labels: `lane="${lane}"`, count, seconds: 0 }));
    lines.push(...histograms("ff_claim_from_grant_duration_seconds", claimed));
    const requests = [...this.#requests.values()].sort((left, right) =>
      left.labels < right.labels ? -1 : 1,
    );
    lines.push(...histograms("ff_http_request_duration_seconds", requests));
    if (requests.length > 0) lines.push(...head("ff_http_requests_total", "counter"));
    for (const { labels, count } of requests) lines.push(sample("ff_http_requests_total", labels, count));
    lines.push(...head("ff_scanner_cycle_total", "counter"));
    const cycles = Math.floor((this.#now() - this.#startedAt) / 1500) + 1;
    for (const scanner of scanners)
      lines.push(sample("ff_scanner_cycle_total", `scanner="${scanner}"`, cycles));
    lines.push("# TYPE target_info gauge", 'target_info{service_name="ff-server"} 1');
    return `${lines.join("\n")}\n`;
  }
}

/** As far as they were recorded. */
const helps: Record<string, string> = {
  ff_cancel_backlog_depth: "Current cancel-reconciler backlog depth.",
  ff_claim_from_grant_duration_seconds: "claim_from_grant latency in seconds, labelled by lane.",
  ff_http_request_duration_seconds: "HTTP request duration in seconds.",
};

function head(name: string, type: string): string[] {
  const help = helps[name];
  return [...(help === undefined ? [] : [`# HELP ${name} ${help}`]), `# TYPE ${name} ${type}`];
}

function sample(name: string, labels: string, value: number, bound?: string): string {
  const own = `${labels}${labels && ","}otel_scope_name="ff"`;
  return `${name}{${own}${bound === undefined ? "" : `,le="${bound}"`}} ${value}`;
}

interface Series {
  labels: string;
  count: number;
  seconds: number;
}

function histograms(name: string, list: readonly Series[]): string[] {
  if (list.length === 0) return [];
  return [...head(name, "histogram"), ...list.flatMap((series) => histogram(name, series))];
}

function histogram(name: string, { labels, count, seconds }: Series): string[] {
  const lines = [...buckets.map(String), "+Inf"].map((bound) =>
    sample(`${name}_bucket`, labels, bound === "0" ? 0 : count, bound),
  );
  return [...lines, sample(`${name}_sum`, labels, seconds), sample(`${name}_count`, labels, count)];
}
