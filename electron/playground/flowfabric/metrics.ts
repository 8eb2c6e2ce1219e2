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

  text(): string {
    const lines = ["# TYPE ff_cancel_backlog_depth gauge", sample("ff_cancel_backlog_depth", "", 0)];
    const requests = [...this.#requests.values()];
    if (requests.length > 0) {
      lines.push("# TYPE ff_http_requests_total counter");
      for (const { labels, count } of requests) lines.push(sample("ff_http_requests_total", labels, count));
      lines.push("# TYPE ff_http_request_duration_seconds histogram");
      for (const request of requests) lines.push(...histogram("ff_http_request_duration_seconds", request));
    }
    lines.push("# TYPE ff_scanner_cycle_total counter");
    const cycles = Math.floor((this.#now() - this.#startedAt) / 1500) + 1;
    for (const scanner of scanners)
      lines.push(sample("ff_scanner_cycle_total", `scanner="${scanner}"`, cycles));
    lines.push("# TYPE target_info gauge", 'target_info{service_name="ff-server"} 1');
    return `${lines.join("\n")}\n`;
  }
}

function sample(name: string, labels: string, value: number): string {
  return `${name}{${labels}${labels && ","}otel_scope_name="ff"} ${value}`;
}

function histogram(
  name: string,
  { labels, count, seconds }: { labels: string; count: number; seconds: number },
): string[] {
  const lines = [...buckets.map(String), "+Inf"].map((bound) =>
    sample(`${name}_bucket`, `${labels},le="${bound}"`, bound === "0" ? 0 : count),
  );
  return [...lines, sample(`${name}_sum`, labels, seconds), sample(`${name}_count`, labels, count)];
}
