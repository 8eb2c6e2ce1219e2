import type { Link, StringMap } from "./host/lattice-state.ts";

/** One workload of the believable shop. */
export interface Workload {
  id: string;
  reference: string;
  count: number;
  annotations: StringMap;
  config: string[];
  /** Signed images bring a name and a version with them. */
  signed?: { name: string; version: string; revision: number; tags?: string[] };
  /** Random activity may change this one. */
  volatile?: boolean;
}

const registry = "registry.example.test";
const revision = 41;

function managed(application: string): StringMap {
  return { "wasmcloud.dev/managed-by": "wadm", "wasmcloud.dev/appspec": application, team: application };
}

/** The components of the shop. */
export const sampleComponents: readonly Workload[] = [
  {
    id: "orders-api",
    reference: `${registry}/shop/orders-api:2.3.1`,
    count: 25,
    annotations: managed("checkout"),
    config: ["orders-defaults"],
    signed: { name: "orders-api", version: "2.3.1", revision: 7, tags: ["checkout", "public"] },
  },
  {
    id: "cart",
    reference: `${registry}/shop/cart:1.12.0`,
    count: 40,
    annotations: managed("checkout"),
    config: ["cart-defaults"],
  },
  {
    id: "checkout",
    reference: `${registry}/shop/checkout:3.0.4`,
    count: 12,
    annotations: managed("checkout"),
    config: [],
  },
  {
    id: "payments",
    reference: `${registry}/shop/payments:1.4.2`,
    count: 8,
    annotations: managed("payments"),
    config: ["payments-eu"],
    signed: { name: "payments", version: "1.4.2", revision, tags: ["pci"] },
  },
  {
    id: "catalog",
    reference: `${registry}/shop/catalog:5.1.0`,
    count: 60,
    annotations: { team: "storefront" },
    config: ["catalog-defaults"],
  },
  {
    id: "inventory-sync",
    reference: `${registry}/shop/inventory-sync:0.9.3`,
    count: 1,
    annotations: { team: "warehouse" },
    config: [],
  },
  {
    id: "notifier",
    reference: `${registry}/shop/notifier:1.0.6`,
    count: 4_294_967_295,
    annotations: {},
    config: [],
  },
  {
    id: "search-indexer",
    reference: `${registry}/search/indexer:4.2.0`,
    count: 6,
    annotations: { team: "search" },
    config: [],
    volatile: true,
  },
  {
    id: "recommendations",
    reference: `${registry}/search/recommendations:2.0.1`,
    count: 10,
    annotations: { team: "search" },
    config: [],
    volatile: true,
  },
  {
    id: "image-resizer",
    reference: `${registry}/media/image-resizer:1.8.0`,
    count: 16,
    annotations: { team: "media" },
    config: [],
    volatile: true,
  },
  {
    id: "mail-renderer",
    reference: `${registry}/mail/renderer:1.1.5`,
    count: 4,
    annotations: { team: "mail" },
    config: [],
    volatile: true,
  },
  {
    id: "price-feed",
    reference: `${registry}/pricing/feed:0.7.2`,
    count: 5,
    annotations: { team: "pricing" },
    config: [],
    volatile: true,
  },
];

/** The providers of the shop. */
export const sampleProviders: readonly Workload[] = [
  {
    id: "http-server",
    reference: `${registry}/providers/http-server:0.27.0`,
    count: 1,
    annotations: managed("checkout"),
    config: ["http-listener"],
    signed: { name: "HTTP Server", version: "0.27.0", revision: 0 },
  },
  {
    id: "keyvalue-redis",
    reference: `${registry}/providers/keyvalue-redis:0.28.1`,
    count: 1,
    annotations: managed("checkout"),
    config: ["redis-cluster"],
  },
  {
    id: "messaging-nats",
    reference: `${registry}/providers/messaging-nats:0.26.0`,
    count: 1,
    annotations: {},
    config: [],
  },
  {
    id: "blobstore-fs",
    reference: `${registry}/providers/blobstore-fs:0.13.1`,
    count: 1,
    annotations: { team: "media" },
    config: [],
    volatile: true,
  },
  {
    id: "price-stream",
    reference: `${registry}/pricing/price-stream:0.4.0`,
    count: 1,
    annotations: { team: "pricing" },
    config: [],
    volatile: true,
  },
];

/** The named configs of the shop, one of them a secret reference. */
export const sampleConfigs: Readonly<Record<string, StringMap>> = {
  "orders-defaults": { LOG_LEVEL: "info", DB_POOL: "8", CURRENCY: "EUR" },
  "cart-defaults": { LOG_LEVEL: "info", CART_TTL_SECONDS: "86400" },
  "catalog-defaults": { PAGE_SIZE: "48", CACHE_SECONDS: "30" },
  "payments-eu": { PROVIDER: "sandbox", REGION: "eu" },
  "http-listener": { address: "0.0.0.0:8080" },
  "redis-cluster": { url: "redis://redis.shop.example.test:6379" },
  SECRET_payments: { backend: "nats-kv", key: "payments/api-key" },
};

function link(
  source: string,
  target: string,
  wit: string,
  interfaces: string[],
  configs: Partial<Link> = {},
): Link {
  const [namespace = "", name = ""] = wit.split(":");
  return {
    source_id: source,
    target,
    name: "default",
    wit_namespace: namespace,
    wit_package: name,
    interfaces,
    source_config: [],
    target_config: [],
    ...configs,
  };
}

/** The links of the shop. */
export const sampleLinks: readonly Link[] = [
  link("http-server", "orders-api", "wasi:http", ["incoming-handler"], { source_config: ["http-listener"] }),
  link("orders-api", "cart", "shop:cart", ["read"]),
  link("orders-api", "checkout", "shop:checkout", ["place"]),
  link("checkout", "payments", "shop:payments", ["charge", "refund"], { target_config: ["payments-eu"] }),
  link("cart", "keyvalue-redis", "wasi:keyvalue", ["store", "atomics"], { target_config: ["redis-cluster"] }),
  link("catalog", "keyvalue-redis", "wasi:keyvalue", ["store"], {
    name: "cache",
    target_config: ["redis-cluster"],
  }),
  link("checkout", "messaging-nats", "wasmcloud:messaging", ["consumer"]),
  link("messaging-nats", "notifier", "wasmcloud:messaging", ["handler"]),
  link("image-resizer", "blobstore-fs", "wasi:blobstore", ["blobstore"]),
  link("price-feed", "price-stream", "shop:pricing", ["subscribe"]),
];
