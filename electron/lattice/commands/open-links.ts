import type { Activity } from "../../../shared/contract/index.ts";
import { type LinkRow, linkRowSchema } from "../../../shared/lattice/schema.ts";

/** So many are kept for one connection; the oldest go first. */
const most = 1_000;

const openStates = new Set<Activity["state"]>(["sent", "acknowledged", "unknown"]);

/** Links that we put, as long as nothing tells whether they were stored. */
export class OpenLinks {
  private readonly byActivity = new Map<string, { lattice: string; link: LinkRow }>();

  of(lattice: string): LinkRow[] {
    return [...this.byActivity.values()].filter((each) => each.lattice === lattice).map(({ link }) => link);
  }

  note({ id, operation, state, target, input }: Activity): void {
    if (operation !== "lattice.links.put") return;
    const link = openStates.has(state) ? linkRowSchema.safeParse(input).data : undefined;
    if (!link) {
      this.byActivity.delete(id);
      return;
    }
    this.byActivity.set(id, { lattice: target?.lattice ?? "", link });
    const [oldest] = this.byActivity.keys();
    if (this.byActivity.size > most && oldest !== undefined) this.byActivity.delete(oldest);
  }
}
