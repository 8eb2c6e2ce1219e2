import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A frame or event of the wire reference, and the section that it stands in. */
interface Documented {
  section: string;
  frame: Record<string, unknown>;
}

const file = fileURLToPath(new URL("documented.ndjson", import.meta.url));
const all = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Documented);

/** The requests or answers of a section of flux-rpc §2 and §3, in the page's order. */
export function documentedFrames(section: string, kind: "request" | "answer"): Record<string, unknown>[] {
  const frames = all.filter((each) => each.section === section).map(({ frame }) => frame);
  return frames.filter((frame) => "method" in frame === (kind === "request"));
}

/** An event of flux-rpc §1.10. */
export function documentedEvent(type: string): Record<string, unknown> {
  const found = all.find(({ section, frame }) => section === "events" && frame.type === type);
  if (!found) throw new Error(`no event of the page is a ${type}`);
  return found.frame;
}
