import { allWorkloads, parseWorkloadId } from "../../../shared/flux/ids.ts";
import { containerFields, type DaemonClient } from "../client/daemon-client.ts";
import { isAtLeast } from "../client/semver-range.ts";
import type { WireImages } from "../client/wire.ts";

/** With these a daemon does not send every tag of every image (flux-rpc §3.8). */
export const fieldsWithoutTags = containerFields.filter((field) => field !== "Available");

/** Tags that one answer may have; each takes some 310 bytes, and an answer that is too large is passed over (flux-rpc §1.6). */
const tagsAtOnce = 25_000;

/** How one part of a list is asked for. */
type Part = { spec: string; namespace: string };

/** The images of all workloads with every tag, asked for in parts where they are many. */
export async function imagesWithTags(
  client: DaemonClient,
  {
    namespace,
    version,
    most = tagsAtOnce,
  }: { namespace: string; version: string | undefined; most?: number },
): Promise<WireImages> {
  const whole = { spec: allWorkloads, namespace };
  // Older daemons do not take the tags away; the client asks them workload by workload.
  if (client.version < 10) return client.listImagesWithOptions(whole);
  const counted = await client.listImagesWithOptions({ ...whole, fields: fieldsWithoutTags });
  const images: WireImages = [];
  for (const part of partsOf(counted, { namespace, version, most }))
    images.push(...(await client.listImagesWithOptions(part)));
  return images;
}

/** All at once, or by namespace, or of a namespace that is too large each workload by itself. */
function partsOf(
  counted: WireImages,
  { namespace, version, most }: { namespace: string; version: string | undefined; most: number },
): Part[] {
  if (tagsOf(counted) <= most) return [{ spec: allWorkloads, namespace }];
  const byNamespace = new Map<string, WireImages>();
  for (const each of counted) {
    const own = parseWorkloadId(each.ID)?.namespace ?? "";
    const members = byNamespace.get(own);
    if (members) members.push(each);
    else byNamespace.set(own, [each]);
  }
  // Daemons before 1.11 answer with every namespace whatever is asked for.
  const byWorkload = isAtLeast(version, "1.11.0") === false;
  return [...byNamespace].flatMap(([name, members]): Part[] =>
    name === "" || byWorkload || tagsOf(members) > most
      ? members.map(({ ID }) => ({ spec: ID, namespace: "" }))
      : [{ spec: allWorkloads, namespace: name }],
  );
}

function tagsOf(images: WireImages): number {
  return images
    .flatMap(({ Containers }) => Containers)
    .reduce((sum, { AvailableImagesCount }) => sum + AvailableImagesCount, 0);
}
