import { type FocusEvent, useState } from "react";

/** Whether the pointer is inside or the focus is within; spread `bind` on the element. */
export function useHold() {
  const [inside, setInside] = useState(false);
  const [focused, setFocused] = useState(false);
  const bind = {
    onPointerEnter: () => setInside(true),
    onPointerLeave: () => setInside(false),
    onFocus: () => setFocused(true),
    onBlur: (event: FocusEvent<HTMLElement>) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && event.currentTarget.contains(to))) setFocused(false);
    },
  };
  return { held: inside || focused, bind };
}
