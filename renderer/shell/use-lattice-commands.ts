import { useNavigate } from "react-router";
import { type PageName, pathTo } from "../state/paths.ts";
import type { Selection } from "../state/selection.ts";
import { type Shortcut, useShortcuts } from "../ui/shortcuts.ts";

interface LatticeCommand {
  label: string;
  page: PageName;
  /** The dialog that the page opens, as its address names it. */
  dialog: string;
  keywords: string;
}

const commands: readonly LatticeCommand[] = [
  { label: "Create link", page: "links", dialog: "put", keywords: "new connect wit" },
  { label: "Create config", page: "config", dialog: "put", keywords: "new named secret" },
  {
    label: "Set registry credentials",
    page: "claims",
    dialog: "registries",
    keywords: "oci image password token login",
  },
];

/** Commands to the selected lattice that begin with nothing selected: the palette offers them on every page. */
export function useLatticeCommands(selection: Selection | undefined): void {
  const navigate = useNavigate();
  const offered = selection && selection.system === undefined ? commands : [];
  useShortcuts(
    offered.map(
      ({ label, page, dialog, keywords }): Shortcut => ({
        id: `lattice-${page}-${dialog}`,
        label,
        group: "Lattice",
        keywords,
        run: () => navigate(`${pathTo(page, selection)}?do=${dialog}`),
      }),
    ),
  );
}
