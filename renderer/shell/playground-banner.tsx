import { Button } from "@mantine/core";
import { useNavigate } from "react-router";
import type { System } from "../../shared/connections/schema.ts";
import { Notice } from "../ui/notice.tsx";
import { PlaygroundMenu } from "./playground-menu.tsx";

const words: Record<System, { what: string; real: string }> = {
  lattice: { what: "a real NATS server with simulated hosts", real: "a real lattice" },
  flowfabric: { what: "a simulated FlowFabric server", real: "a real FlowFabric" },
  forge: { what: "a simulated jobs server with workers", real: "a real jobs server" },
  flux: { what: "simulated Flux daemons that call this console", real: "real daemons" },
};

/** Says that nothing here is real, lets it be disturbed, and shows the way to a real system. */
export function PlaygroundBanner({ system }: { system: System }) {
  const { what, real } = words[system];
  const navigate = useNavigate();
  return (
    <Notice
      slim
      tone="sim"
      shape="diamond"
      title={`Playground: ${what} on this machine; changes here affect nothing real`}
      actions={
        <>
          {system === "lattice" && <PlaygroundMenu />}
          <Button variant="default" onClick={() => navigate("/connections?edit=new")}>
            Connect to {real}
          </Button>
        </>
      }
    />
  );
}
