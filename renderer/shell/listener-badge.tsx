import { Tooltip } from "@mantine/core";
import { IconAntenna } from "@tabler/icons-react";
import { Link } from "react-router";
import { useTopic } from "../client/use-topic.ts";
import { pathTo } from "../state/paths.ts";
import { formatQuantity } from "../ui/format.ts";
import own from "./header.module.css";

/** Says as long as a port of this machine is open for Flux daemons; nothing else lets others in. */
export function ListenerBadge() {
  const open = useTopic("connections").rows.filter(
    ({ profile, status }) => profile.system === "flux" && status.state === "open",
  );
  const [first] = open;
  if (!first) return null;
  const addresses = open.map(({ status }) => status.server).join(", ");
  const text = `Listening for Flux daemons at ${addresses}`;
  return (
    <Tooltip label={text}>
      <Link
        to={pathTo("daemons", { system: "flux", connectionId: first.profile.id })}
        className={own.inFlight ?? ""}
        aria-label={text}
      >
        <IconAntenna size={14} aria-hidden="true" />
        <span className={own.wide}>
          {open.length === 1 ? "listening" : formatQuantity(open.length, "listener")}
        </span>
      </Link>
    </Tooltip>
  );
}
