import { MantineProvider } from "@mantine/core";
import { type RenderResult, render } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import type { ReactNode } from "react";
import { HashRouter } from "react-router";
import { theme } from "../ui/theme.ts";

/** Shows a part of the page by itself, with what all parts stand in, and a person to use it. */
export function show(part: ReactNode): { user: UserEvent; view: RenderResult } {
  const within = (
    <MantineProvider theme={theme} env="test">
      <HashRouter>{part}</HashRouter>
    </MantineProvider>
  );
  return { user: userEvent.setup(), view: render(within) };
}
