import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(() => {
  cleanup();
  window.location.hash = "";
});

// Nothing is laid out here: what asks how large it is gets the size of a screen, so that a list draws its rows.
for (const [name, size] of [
  ["offsetWidth", 1200],
  ["offsetHeight", 800],
  ["clientWidth", 1200],
  ["clientHeight", 800],
] as const)
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });

// A text field that grows waits for the fonts, of which there are none here.
Object.defineProperty(document, "fonts", { configurable: true, value: new EventTarget() });
