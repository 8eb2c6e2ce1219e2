import type { HostState } from "../host/host-context.ts";

/** Which code answers calls to a component here; one of the list at random per call (wasmcloud-control §5.1). */
export function servingCode(state: HostState, id: string): string[] {
  const ghosts = state.ghosts.get(id) ?? [];
  const component = state.components.get(id);
  return component?.serves ? [...ghosts, component.code] : [...ghosts];
}

/** Lets the code that answers now go on doing so for ever, whatever is listed (wasmcloud-control §5.4). */
export function leaveGhost(state: HostState, id: string): void {
  const component = state.components.get(id);
  if (!component?.serves) return;
  state.ghosts.set(id, [...(state.ghosts.get(id) ?? []), component.code]);
}
