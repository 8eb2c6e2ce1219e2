import { useEffect } from "react";
import { Outlet, useLocation } from "react-router";
import { useRefreshAfterCommands } from "../client/refresh-after-commands.ts";
import { LeftActions } from "../command/action-dialog.tsx";
import { pageOfPath } from "../state/paths.ts";
import { type Selection, useOptionalSelection } from "../state/selection.ts";
import { useUiStore } from "../state/ui-store.ts";
import { useShortcutKeys } from "../ui/shortcuts.ts";
import { ActivityStrip } from "./activity-strip.tsx";
import { Banners } from "./banners.tsx";
import classes from "./frame.module.css";
import { Header } from "./header.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
import { Navigation } from "./navigation.tsx";
import { pageLooks } from "./pages.ts";
import { Palette } from "./palette.tsx";

/** The window: environment bar, header, navigation, the page, and the strip of running activities. */
export function Frame() {
  const selection = useOptionalSelection();
  useDocument(selection);
  useShortcutKeys();
  useRefreshAfterCommands();
  const environment = { "--environment": selection?.profile?.color } as React.CSSProperties;
  return (
    <div className={classes.frame} style={environment}>
      <SkipLink />
      <div className={classes.bar} aria-hidden="true" />
      <Header selection={selection} />
      <Navigation selection={selection} />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Banners selection={selection} />
        <Outlet />
      </main>
      <ActivityStrip selection={selection} />
      <Palette selection={selection} />
      <KeysDialog />
      <LeftActions />
    </div>
  );
}

function SkipLink() {
  return (
    <button type="button" className={classes.skip} onClick={() => document.getElementById("main")?.focus()}>
      Skip to the content
    </button>
  );
}

function useDocument(selection: Selection | undefined): void {
  const { pathname } = useLocation();
  const density = useUiStore((state) => state.density);
  const remember = useUiStore((state) => state.rememberSelection);
  const { connectionId, system, profile } = selection ?? {};
  const lattice = selection?.system === undefined ? selection?.lattice : undefined;
  const exists = profile !== undefined;
  useEffect(() => {
    const within = lattice === undefined ? "" : ` / ${lattice}`;
    const place = profile ? ` · ${profile.environment} · ${profile.name}${within}` : "";
    document.title = `${pageLooks[pageOfPath(pathname)].title}${place} · Switchyard`;
  }, [pathname, profile, lattice]);
  useEffect(() => {
    document.documentElement.dataset.density = density;
  }, [density]);
  useEffect(() => {
    if (!exists || !connectionId) return;
    if (system) remember({ system, connectionId });
    else if (lattice) remember({ connectionId, lattice });
  }, [exists, connectionId, system, lattice, remember]);
}
