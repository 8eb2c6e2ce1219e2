import { type RefObject, useEffect, useState } from "react";

/**
 * Gives the focus back when the component is gone: to what had it before, or where that is gone too, to `returnTo`. For
 * dialogs and drawers that are unmounted as they close, which the library does not notice. What took the focus meanwhile keeps it.
 */
export function useReturnOfFocus(returnTo?: RefObject<HTMLElement | null>): void {
  const [before] = useState(() => openerOf(document.activeElement));
  useEffect(
    () => () => {
      if (document.activeElement !== document.body) return;
      const opener = before instanceof HTMLElement && before.isConnected ? before : returnTo?.current;
      opener?.focus();
    },
    [before, returnTo],
  );
}

/** What was pressed; of an item of a menu, which goes with the menu, the button of the menu. */
function openerOf(element: Element | null): Element | null {
  const menu = element?.closest("[role=menu]");
  const label = menu?.getAttribute("aria-labelledby");
  return (label ? document.getElementById(label) : undefined) ?? element;
}
