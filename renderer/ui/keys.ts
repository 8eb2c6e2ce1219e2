const isApple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const capNames: Record<string, string> = {
  mod: isApple ? "⌘" : "Ctrl",
  shift: "Shift",
  alt: isApple ? "⌥" : "Alt",
  escape: "Esc",
  enter: "Enter",
  space: "Space",
  home: "Home",
  end: "End",
  arrowup: "↑",
  arrowdown: "↓",
};

/** The caps of a key text, in order. */
export function keyCaps(keys: string): string[] {
  return keys
    .split(" ")
    .flatMap((stroke) => (stroke === "+" ? ["+"] : stroke.split("+")))
    .map((key) => capNames[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

/** The part of a keyboard event that decides which stroke it is. */
export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** The stroke of a key press, such as `mod+k`, `g`, `?` or `escape`; shift counts only with letters and named keys. */
export function strokeOf(event: KeyPress): string {
  const key = event.key.toLowerCase();
  const shift = event.shiftKey && (/^[a-z]$/.test(key) || key.length > 1);
  const parts = [
    event.ctrlKey || event.metaKey ? "mod" : "",
    event.altKey ? "alt" : "",
    shift ? "shift" : "",
    key,
  ];
  return parts.filter((part) => part !== "").join("+");
}

export type KeyMatch = { kind: "run"; keys: string } | { kind: "begun"; typed: string } | { kind: "none" };

/** What a stroke after the strokes typed so far means, among the known key texts. */
export function matchKeys(typed: string, stroke: string, known: readonly string[]): KeyMatch {
  for (const sequence of typed === "" ? [stroke] : [`${typed} ${stroke}`, stroke]) {
    const keys = known.find((candidate) => candidate === sequence);
    if (keys !== undefined) return { kind: "run", keys };
    if (known.some((candidate) => candidate.startsWith(`${sequence} `)))
      return { kind: "begun", typed: sequence };
  }
  return { kind: "none" };
}
