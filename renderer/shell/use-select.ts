import { useLocation, useNavigate } from "react-router";
import { pageOfPath, pathTo } from "../state/paths.ts";
import type { Selected } from "../state/ui-store.ts";

/** Goes to the page of the same name elsewhere, or to the first page there. */
export function useSelect(): (target: Selected) => void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (target) => navigate(pathTo(pageOfPath(pathname), target));
}
