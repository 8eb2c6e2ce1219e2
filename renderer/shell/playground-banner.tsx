import { Button } from "@mantine/core";
import { useNavigate } from "react-router";
import { Notice } from "../ui/notice.tsx";
import { PlaygroundMenu } from "./playground-menu.tsx";

/** Says that nothing here is real, lets it be disturbed, and shows the way to a real lattice. */
export function PlaygroundBanner() {
  const navigate = useNavigate();
  return (
    <Notice
      slim
      tone="sim"
      shape="diamond"
      title="Playground: a real NATS server with simulated hosts on this machine; nothing here is yours"
      actions={
        <>
          <PlaygroundMenu />
          <Button variant="default" onClick={() => navigate("/connections?edit=new")}>
            Connect to a real lattice
          </Button>
        </>
      }
    />
  );
}
