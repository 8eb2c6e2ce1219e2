import { createContext, useContext } from "react";

/** Why nothing can be read at present, for all that would otherwise wait for it or say that there is none. */
export interface NotRead {
  title: string;
  text: string;
}

export const NotReadContext = createContext<NotRead | undefined>(undefined);

/** Why nothing can be read here at present; undefined where it can. */
export function useNotRead(): NotRead | undefined {
  return useContext(NotReadContext);
}
