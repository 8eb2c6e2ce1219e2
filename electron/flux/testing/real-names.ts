/**
 * What the recording names, and what plays its part in the cluster of `interop/flux`: the one workload and image that its
 * daemon knows by itself are the recording's cart, whose other workloads are manifests in the repository. All of them are
 * in one namespace there.
 */
const parts: readonly (readonly [recorded: string, here: string])[] = [
  ["127.0.0.1:5055/shop/cart:2.4.1", "registry.example.test/shop/checkout:1.0.0"],
  ["127.0.0.1:5055/shop/cart:2.5.0", "registry.example.test/shop/checkout:1.2.0"],
  ["127.0.0.1:5055/shop/cart", "registry.example.test/shop/checkout"],
  ["127.0.0.1:5055/shop/checkout", "127.0.0.1:5055/shop/cart"],
  ["shop:deployment/cart", "shop:deployment/checkout"],
  ["shop:deployment/checkout", "shop:deployment/cart"],
  ["infra:daemonset/agent", "shop:daemonset/agent"],
  ["infra:helmrelease/redis", "shop:helmrelease/redis"],
];

const branch = (from: string): RegExp => new RegExp(`(?<![\\w:/-])${from}(?![\\w-])`, "g");

function translated(text: string, pairs: readonly (readonly [from: string, to: string])[]): string {
  const names = new Map(pairs);
  const any = [...names.keys()].map((name) => name.replace(/[.]/g, "\\.")).join("|");
  return text.replace(new RegExp(`(?:${any})(?![\\w-])`, "g"), (name) => names.get(name) ?? name);
}

/** A call as the daemon of this folder is asked. */
export function asHere<Call>(call: Call, folder: string): Call {
  const text = translated(JSON.stringify(call), parts);
  return JSON.parse(
    text.replace(branch("main"), "master").replaceAll("/repos/shop.git", `${folder}/origin.git`),
  );
}

/** An answer with the names of the recording. */
export function asRecorded<Answer>(answer: Answer, folder: string): Answer {
  const back = parts.map(([recorded, here]) => [here, recorded] as const);
  const text = translated(JSON.stringify(answer), back);
  return JSON.parse(
    text.replace(branch("master"), "main").replaceAll(`${folder}/origin.git`, "/repos/shop.git"),
  );
}
