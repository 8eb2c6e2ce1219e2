import { Button } from "@mantine/core";
import { useRouteError } from "react-router";
import { EmptyState } from "../ui/empty-state.tsx";

/** A page that broke: the rest of the console stays, and the way out is offered. */
export function ErrorPage() {
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
