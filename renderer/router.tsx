import { Button } from "@mantine/core";
import { type ComponentType, lazy, Suspense } from "react";
import { createHashRouter, Navigate, type RouteObject, useRouteError } from "react-router";
import { Frame } from "./shell/frame.tsx";
import { KnownConnection } from "./shell/known-connection.tsx";
import { StartPage } from "./shell/start-page.tsx";
import type { SelectedSystem } from "./state/ui-store.ts";
import { EmptyState } from "./ui/empty-state.tsx";
import { LoadingSkeleton } from "./ui/loading-skeleton.tsx";

/** A page that is fetched when it is first opened. */
function page(load: () => Promise<ComponentType>) {
  const Page = lazy(async () => ({ default: await load() }));
  return (
    <Suspense fallback={<LoadingSkeleton rows={8} />}>
      <Page />
    </Suspense>
  );
}

const consolePages: RouteObject[] = [
  {
    path: "activity",
    element: page(async () => (await import("./activity/activity-page.tsx")).ActivityPage),
  },
  {
    path: "activity/:activityId",
    element: page(async () => (await import("./activity/one-activity-page.tsx")).OneActivityPage),
  },
  {
    path: "connections",
    element: page(async () => (await import("./connections/connections-page.tsx")).ConnectionsPage),
  },
];

const latticePages: RouteObject[] = [
  { index: true, element: <Navigate to="overview" replace /> },
  {
    path: "overview",
    element: page(async () => (await import("./overview/overview-page.tsx")).OverviewPage),
  },
  { path: "hosts", element: page(async () => (await import("./lattice/hosts-page.tsx")).HostsPage) },
  {
    path: "components",
    element: page(async () => (await import("./lattice/components-page.tsx")).ComponentsPage),
  },
  {
    path: "providers",
    element: page(async () => (await import("./lattice/providers-page.tsx")).ProvidersPage),
  },
  { path: "links", element: page(async () => (await import("./lattice/links/links-page.tsx")).LinksPage) },
  {
    path: "config",
    element: page(async () => (await import("./lattice/configs/configs-page.tsx")).ConfigsPage),
  },
  {
    path: "claims",
    element: page(async () => (await import("./lattice/claims/claims-page.tsx")).ClaimsPage),
  },
  {
    path: "topology",
    element: page(async () => (await import("./lattice/topology/topology-page.tsx")).TopologyPage),
  },
  {
    path: "placement",
    element: page(async () => (await import("./lattice/placement/placement-page.tsx")).PlacementPage),
  },
  { path: "events", element: page(async () => (await import("./events/events-page.tsx")).EventsPage) },
];

/** The pages of the other systems, by system. */
const systemPages: Record<SelectedSystem["system"], RouteObject[]> = {
  forge: [
    { index: true, element: <Navigate to="queues" replace /> },
    { path: "queues", element: page(async () => (await import("./forge/queues-page.tsx")).QueuesPage) },
    { path: "jobs", element: page(async () => (await import("./forge/jobs-page.tsx")).JobsPage) },
    {
      path: "schedules",
      element: page(async () => (await import("./forge/schedules-page.tsx")).SchedulesPage),
    },
    { path: "workers", element: page(async () => (await import("./forge/workers-page.tsx")).WorkersPage) },
    { path: "metrics", element: page(async () => (await import("./forge/metrics-page.tsx")).MetricsPage) },
    { path: "storage", element: page(async () => (await import("./forge/storage-page.tsx")).StoragePage) },
  ],
  flux: [
    { index: true, element: <Navigate to="daemons" replace /> },
    { path: "daemons", element: page(async () => (await import("./flux/daemons-page.tsx")).DaemonsPage) },
    {
      path: "workloads",
      element: page(async () => (await import("./flux/workloads-page.tsx")).WorkloadsPage),
    },
    { path: "images", element: page(async () => (await import("./flux/images-page.tsx")).ImagesPage) },
    { path: "syncs", element: page(async () => (await import("./flux/syncs-page.tsx")).SyncsPage) },
    { path: "changes", element: page(async () => (await import("./flux/changes-page.tsx")).ChangesPage) },
    {
      path: "repositories",
      element: page(async () => (await import("./flux/repositories-page.tsx")).RepositoriesPage),
    },
  ],
  flowfabric: [
    { index: true, element: <Navigate to="rotations" replace /> },
    {
      path: "rotations",
      element: page(async () => (await import("./flowfabric/rotations-page.tsx")).RotationsPage),
    },
    {
      path: "executions",
      element: page(async () => (await import("./flowfabric/executions-page.tsx")).ExecutionsPage),
    },
    {
      path: "waitpoints",
      element: page(async () => (await import("./flowfabric/waitpoints-page.tsx")).WaitpointsPage),
    },
    {
      path: "budgets",
      element: page(async () => (await import("./flowfabric/budgets-page.tsx")).BudgetsPage),
    },
    { path: "server", element: page(async () => (await import("./flowfabric/server-page.tsx")).ServerPage) },
  ],
};

/** Every address of the console; the selected connection and lattice are part of it. */
export const router = createHashRouter([
  {
    path: "/",
    element: <Frame />,
    errorElement: <ErrorPage />,
    children: [
      {
        errorElement: <ErrorPage />,
        children: [
          { index: true, element: <StartPage /> },
          {
            path: "c/:connectionId/:lattice",
            children: [{ element: <KnownConnection />, children: latticePages }, ...consolePages],
          },
          ...Object.entries(systemPages).map(([system, pages]) => ({
            path: `${system}/:connectionId`,
            children: [{ element: <KnownConnection />, children: pages }, ...consolePages],
          })),
          ...consolePages,
          { path: "*", element: <Navigate to="/" replace /> },
        ],
      },
    ],
  },
]);

/** A page that broke: the rest of the console stays, and the way out is offered. */
function ErrorPage() {
  const error = useRouteError();
  return (
    <EmptyState
      title="This page could not be shown"
      text={error instanceof Error ? error.message : "An unexpected error happened while drawing it."}
      action={
        <Button variant="default" onClick={() => window.location.reload()}>
          Load the console again
        </Button>
      }
    />
  );
}
