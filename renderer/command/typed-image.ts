/** Tags that say no version and are written all the same. */
const movingTags = new Set(["latest", "main", "master", "edge", "stable", "canary", "nightly", "dev"]);

/** A word that may be an image or its tag: other words are names of things. */
export function typedImage(text: string): string | undefined {
  return movingTags.has(text) || /^(?=.*[\d:/@])[\w.+/:@-]+$/.test(text) ? text : undefined;
}

/** A reference as it was typed; a mere tag is that of the image that runs. */
export function imageWith(running: string, typed: string): string {
  if (/[/:@]/.test(typed)) return typed;
  const name = running.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  return name === "" ? "" : `${name}:${typed}`;
}
