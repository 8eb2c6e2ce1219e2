import { parseBoundedJson } from "../../../shared/contract/index.ts";
import type { Claim } from "../../../shared/lattice/artifact-operations.ts";
import { curlOf } from "../../command/curl-commands.ts";
import type { CopiedCommands } from "../../command/wire-commands.ts";
import { Drawer, DrawerSection, Facts } from "../../ui/drawer.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { ShortId } from "../../ui/short-id.tsx";
import { type CommandPlace, wireCommands } from "../copy-as.ts";
import { CopyAsMenu } from "../copy-as-menu.tsx";
import classes from "../lattice.module.css";

interface ClaimDrawerProps {
  claim: Claim;
  onClose: () => void;
  onStep?: ((by: -1 | 1) => void) | undefined;
}

/** What the lattice has seen of one signed artifact. */
export function ClaimDrawer({ claim, onClose, onStep }: ClaimDrawerProps) {
  const { name, kind, subject, issuer, version, revision, callAlias, tags, configSchema } = claim;
  return (
    <Drawer
      title={name || subject}
      subtitle={kind === "unknown" ? "component or provider" : `signed ${kind}`}
      onClose={onClose}
      onStep={onStep}
      actions={<CopyAsMenu what="Read all claims" commands={claimCommands} />}
    >
      <DrawerSection title="Facts">
        <Facts
          facts={[
            ["Name", name],
            ["Version", version],
            ["Revision", revision],
            ["Issuer", <ShortId key="issuer" id={issuer} />],
            ["Signing key", <ShortId key="subject" id={subject} />],
            ["Call alias", callAlias],
            ["Tags", tags.join(", ")],
            ["Expiry", "not available from the lattice"],
            ["Capabilities", "not available from the lattice"],
          ]}
        />
        <p className={classes.hint}>
          The signing key names the artifact. It is no component or provider id, and nothing in the lattice
          tells which of them it belongs to.
        </p>
      </DrawerSection>
      {configSchema !== undefined && (
        <DrawerSection title="Config schema">
          <JsonView value={pretty(configSchema)} label="Config schema" />
        </DrawerSection>
      )}
      <DrawerSection title="JSON">
        <JsonView value={claim} label="Claim" />
      </DrawerSection>
    </Drawer>
  );
}

/** The schema comes as a text, which a provider's author may have written badly. */
function pretty(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch {
    return text;
  }
}

/** Reads the claims from any host (wasmcloud-control §2.3). */
export function claimCommands(place: CommandPlace): CopiedCommands {
  const { connectionId, lattice } = place;
  return {
    ...wireCommands(place, "claims.get"),
    curl: [curlOf("lattice.claims.list", { connectionId, lattice })],
  };
}
