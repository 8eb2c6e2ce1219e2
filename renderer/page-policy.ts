import layoutWorker from "elkjs/lib/elk-worker.min.js?url";
import { z } from "zod";

// What the page is not allowed to do has to be known before anything else of it runs: the first schema would try it.

// The content security policy forbids the code that zod would otherwise generate.
z.config({ jitless: true });

/** The part of `window.trustedTypes` that is used here; TypeScript does not know it yet. */
interface TrustedTypes {
  createPolicy(
    name: "default",
    rules: { createHTML(text: string): string | null; createScriptURL(address: string): string | null },
  ): unknown;
}

/**
 * The content security policy refuses plain text where a browser takes markup or code. This is the one way past it: texts
 * without markup, because Mantine fills its style sheets through `innerHTML`, and the address of the layout's worker.
 */
(globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("default", {
  createHTML: (text) => (text.includes("<") ? null : text),
  createScriptURL: (address) => (isLayoutWorker(address) ? address : null),
});

function isLayoutWorker(address: string): boolean {
  return new URL(address, location.href).href === new URL(layoutWorker, location.href).href;
}
