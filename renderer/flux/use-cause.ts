import { useLocalStorage } from "@mantine/hooks";
import { useState } from "react";

/** Who commits, remembered on this machine, and the message of this one commit. */
export function useCause() {
  const [user, setUser] = useLocalStorage({
    key: "switchyard-flux-user",
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  const [message, setMessage] = useState("");
  return { user, setUser, message, setMessage };
}

export type CauseState = ReturnType<typeof useCause>;
