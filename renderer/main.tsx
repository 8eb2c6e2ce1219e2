import "./page-policy.ts";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./ui/tokens.css";
import { MantineProvider } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import type { FailureData } from "../shared/contract/index.ts";
import { SignInPage } from "./access/sign-in-page.tsx";
import {
  hasSession,
  keepAwake,
  onLinkInAddress,
  signIn,
  takeTokenFromAddress,
} from "./client/browser-session.ts";
import { queryClient } from "./client/query.ts";
import { router } from "./router.tsx";
import { colorSchemeManager, cssVariablesResolver, theme } from "./ui/theme.ts";

const root = createRoot(document.getElementById("root") as HTMLElement);

function show(page: ReactNode): void {
  root.render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queryClient}>
          <Notifications position="top-right" autoClose={5_000} />
          {page}
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

/** A browser needs a session first; one that is signed in already stays so, whatever becomes of another link. */
function showInBrowser(): void {
  const showPage = (failure?: FailureData) =>
    show(hasSession() ? <RouterProvider router={router} /> : <SignInPage failure={failure} />);
  const signInBy = async (token: string, address?: string) => {
    const failure = await signIn(token, address);
    if (hasSession()) notifications.show({ color: "red", title: failure.message, message: failure.hint });
    showPage(failure);
  };
  onLinkInAddress((token, before) => void signInBy(token, before));
  if (hasSession()) keepAwake();
  const token = takeTokenFromAddress();
  if (token) void signInBy(token);
  else showPage();
}

if (window.switchyard) show(<RouterProvider router={router} />);
else showInBrowser();
