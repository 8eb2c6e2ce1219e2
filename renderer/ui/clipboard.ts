import { notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import { Failure } from "../../shared/contract/index.ts";
import { hasHidden, showHidden } from "./hidden-characters.ts";

/** What is copied: something that stands on one line, such as an id, or a text of several, such as JSON. */
export type Copied = { line: string } | { text: string };

/**
 * Puts something on the clipboard, which nothing else does: what is pasted into a terminal must not press keys there.
 * Answers whether it could; where not, the person has been told why.
 */
export async function copy(make: () => Copied): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(pasteable(make()));
    return true;
  } catch (error) {
    notifications.show({ color: "red", message: reasonOf(error) });
    return false;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Failure) return [error.message, error.hint].filter(Boolean).join(" ");
  if (error instanceof URIError)
    return "A field holds half of a character, which cannot stand in an address.";
  return "The clipboard did not take the text.";
}

/** A line is copied as it is or not at all; in a text, hidden characters are written as JSON writes them. */
export function pasteable(copied: Copied): string {
  if ("text" in copied) return showHidden(copied.text.replaceAll(/\r\n?/g, "\n"), "\t\n");
  if (!hasHidden(copied.line)) return copied.line;
  throw new Failure({
    code: "invalid_input",
    message: "This contains control characters and was not copied.",
    hint: "Where it is shown as JSON, it can be copied from there.",
  });
}

/** Copies when asked to, and says for a moment that it has. */
export function useCopy(shownMs = 1_200): { copied: boolean; run: (make: () => Copied) => void } {
  const [copiedAt, setCopiedAt] = useState<number>();
  useEffect(() => {
    if (copiedAt === undefined) return undefined;
    const timer = setTimeout(() => setCopiedAt(undefined), shownMs);
    return () => clearTimeout(timer);
  }, [copiedAt, shownMs]);
  const run = (make: () => Copied) => void copy(make).then((done) => done && setCopiedAt(Date.now()));
  return { copied: copiedAt !== undefined, run };
}
