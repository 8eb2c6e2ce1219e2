import { hasLevel } from "../../shared/forge/level.ts";
import type { ServerLevel } from "../../shared/forge/schema.ts";
import { useOperation } from "../client/query.ts";
import { useSystem } from "../state/selection.ts";

/** The selected server's version, as far as its routes tell; undefined until it is known. */
export function useLevel(): ServerLevel | undefined {
  const { connectionId, isOpen } = useSystem("forge");
  const { data } = useOperation("forge.server.level", { connectionId }, { enabled: isOpen });
  return data?.level;
}

/** Whether the selected server has what came with a version; undefined until that is known. */
export function useHas(wanted: ServerLevel): boolean | undefined {
  const level = useLevel();
  return level && hasLevel(level, wanted);
}
