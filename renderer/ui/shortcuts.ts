import { useEffect, useLayoutEffect, useRef } from "react";
import { create } from "zustand";
import { matchKeys, strokeOf } from "./keys.ts";

/** One thing that the person can do from the keyboard, the palette or both. */
export interface Shortcut {
  id: string;
  label: string;
  /** Heading in the palette and in the list of keys. */
  group: string;
  /** `g h`, `mod+k`, `?`; without it only the palette offers it. */
  keys?: string;
  /** Not offered in the palette, such as moving in a list. */
  keyOnly?: boolean;
  /** What has the focus hears these keys itself, such as a table: they are only listed. */
  ownKeys?: boolean;
  /** More words that find it. */
  keywords?: string;
  run: () => void;
}

interface Registry {
  shortcuts: readonly Shortcut[];
  add(added: readonly Shortcut[]): () => void;
}

/** Everything that can be done at present; the latest registration of a key wins. */
export const useShortcutRegistry = create<Registry>()((set) => ({
  shortcuts: [],
  add: (added) => {
    set((state) => ({ shortcuts: [...state.shortcuts, ...added] }));
    return () => set((state) => ({ shortcuts: state.shortcuts.filter((one) => !added.includes(one)) }));
  },
}));

/** Offers shortcuts while the component is mounted; `run` is always the latest one. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const shape = JSON.stringify(shortcuts.map(({ run: _run, ...rest }) => rest));
  // With the paint, not after it: a drawer that is seen must hear its keys, however busy the page is.
  useLayoutEffect(() => {
    const offered = (JSON.parse(shape) as Omit<Shortcut, "run">[]).map((one) => ({
      ...one,
      run: () => latest.current.find((candidate) => candidate.id === one.id)?.run(),
    }));
    return useShortcutRegistry.getState().add(offered);
  }, [shape]);
}

const chordMs = 1_200;

/** Listens to the keyboard for all shortcuts; used once, by the shell. */
export function useShortcutKeys(): void {
  useEffect(() => {
    const onKeyDown = keyListener();
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function keyListener(): (event: KeyboardEvent) => void {
  let typed = "";
  let typedAt = 0;
  return (event) => {
    const stroke = strokeOf(event);
    if (event.defaultPrevented || isModifier(event.key)) return;
    if (isBusy(event.target, stroke)) {
      if (stroke === "escape") leaveField(event.target);
      return;
    }
    const { shortcuts } = useShortcutRegistry.getState();
    const heard = shortcuts.filter((one) => !one.ownKeys);
    const known = heard.flatMap((one) => (one.keys ? [one.keys] : []));
    const match = matchKeys(Date.now() - typedAt < chordMs ? typed : "", stroke, known);
    typed = match.kind === "begun" ? match.typed : "";
    typedAt = Date.now();
    if (match.kind !== "run") return;
    event.preventDefault();
    heard.findLast((one) => one.keys === match.keys)?.run();
  };
}

function isModifier(key: string): boolean {
  return key === "Control" || key === "Shift" || key === "Alt" || key === "Meta";
}

/** Plain letters belong to the field that is written in, and everything to an open dialog. */
function isBusy(target: EventTarget | null, stroke: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return isInDialog(target) || (isWriting(target) && !stroke.startsWith("mod+"));
}

/** Escape leaves a field first; the next one closes what the field is in, so that no typing is lost by one key. */
function leaveField(target: EventTarget | null): void {
  if (!(target instanceof HTMLElement) || isInDialog(target)) return;
  if (target.getAttribute("aria-expanded") !== "true") target.blur();
}

function isInDialog(target: HTMLElement): boolean {
  return target.closest('[role="dialog"],[role="menu"],[role="listbox"]') !== null;
}

function isWriting(target: HTMLElement): boolean {
  const field = target.closest("input:not([type=checkbox]):not([type=radio]),textarea,select");
  return target.isContentEditable || field !== null;
}
