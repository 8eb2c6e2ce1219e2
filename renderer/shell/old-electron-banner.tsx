import { useOperation } from "../client/query.ts";
import { useTopic } from "../client/use-topic.ts";
import { Notice } from "../ui/notice.tsx";

/** Says, as long as it is so, that real systems are reached by a window whose browser engine is out of date. */
export function OldElectronBanner() {
  const info = useOperation("console.info", {});
  const { rows } = useTopic("connections");
  const old = info.data?.oldElectron;
  const real = rows.filter(({ profile }) => !profile.playground).map(({ profile }) => profile.name);
  if (!old || real.length === 0) return null;
  return (
    <Notice
      slim
      role="status"
      tone="bad"
      shape="bang"
      title={`Electron ${old.version} gets no security fixes any more: do not use this window for ${named(real)}`}
    >
      Use a browser that is up to date (<code>npm run serve</code>), or Electron {old.builtFor} from a folder
      that <code>ELECTRON_OVERRIDE_DIST_PATH</code> names.
      {old.failure !== undefined && ` Its download failed: ${old.failure}`}
    </Notice>
  );
}

function named(names: readonly string[]): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return first;
  return others.length === 1 ? `${first} and ${others[0]}` : `${first} and ${others.length} others`;
}
