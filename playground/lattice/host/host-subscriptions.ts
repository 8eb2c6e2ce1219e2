import type { HostContext } from "./host-context.ts";

/** One subject a host listens on, with its queue group if it has one. */
export interface HostSubscription {
  subject: string;
  queue?: string;
}

/** Exactly the subscriptions of a real host (wasmcloud-control §1.3). */
export function hostSubscriptions(context: HostContext): HostSubscription[] {
  const { settings, features } = context;
  const prefix = `${settings.topicPrefix}.v1.${context.lattice.name}`;
  const { id } = context.state;
  const auctions: HostSubscription[] = [];
  if (!features.separateAuctions) auctions.push({ subject: `${prefix}.*.auction` });
  else {
    if (settings.componentAuction) auctions.push({ subject: `${prefix}.component.auction` });
    if (settings.providerAuction) auctions.push({ subject: `${prefix}.provider.auction` });
  }
  return [
    { subject: `${prefix}.registry.put` },
    { subject: `${prefix}.host.ping` },
    { subject: `${prefix}.link.*`, queue: `${prefix}.link` },
    { subject: `${prefix}.claims.get`, queue: `${prefix}.claims` },
    { subject: `${prefix}.component.*.${id}` },
    { subject: `${prefix}.provider.*.${id}` },
    { subject: `${prefix}.label.*.${id}` },
    { subject: `${prefix}.host.*.${id}` },
    { subject: `${prefix}.config.>`, queue: `${prefix}.config` },
    ...auctions,
  ];
}
