import { useLocalStorage } from "@mantine/hooks";
import { useState } from "react";
import { authorProblem } from "../../shared/flux/release.ts";

/** Who commits, remembered on this machine, and the message of this one commit. */
export function useCause() {
  const [user, setUser] = useLocalStorage({
    key: "switchyard-flux-user",
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  const [message, setMessage] = useState("");
  /** What is wrong with who commits; nothing is sent meanwhile. */
  const problem = authorProblem(user);
  return { user, setUser, message, setMessage, problem };
}

export type CauseState = ReturnType<typeof useCause>;
