import { Button } from "@mantine/core";
import type { IssuedToken } from "../../shared/flux/listener-operations.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Notice } from "../ui/notice.tsx";
import classes from "./flux.module.css";

/** A token and the flags to paste; it is shown here and never again. */
export function IssuedTokenView({ issued, onClose }: { issued: IssuedToken; onClose: () => void }) {
  const flags = issued.flags.join("\n");
  return (
    <div className={classes.form}>
      <Notice tone="warn" shape="bang" title="Copy this now: it cannot be shown again">
        Only its hash is kept. Whoever has the token can come in as {issued.daemon.name}.
      </Notice>
      <div>Add these to the arguments of fluxd:</div>
      <div className={classes.secret}>
        <pre style={{ margin: 0, whiteSpace: "pre-wrap" }}>{flags}</pre>
        <CopyButton copied={{ text: flags }} label="Copy the flags" />
      </div>
      <p className={classes.hint}>
        fluxd dials again every 5 seconds until it gets in. Behind a proxy, give its address instead; any path
        before /v11/daemon is fine.
      </p>
      <Button variant="default" onClick={onClose} data-autofocus>
        Close
      </Button>
    </div>
  );
}
