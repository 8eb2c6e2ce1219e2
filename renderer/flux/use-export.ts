import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { asFailure } from "../../shared/contract/index.ts";
import type { FluxDaemonRow } from "../../shared/flux/schema.ts";
import { call } from "../client/call.ts";
import { useSystem } from "../state/selection.ts";
import { saveFile } from "../ui/save-file.ts";

/** Asks a daemon for the YAML of its workloads and hands it over as a file; failures are told, because many daemons cannot. */
export function useExport({ id, name }: Pick<FluxDaemonRow, "id" | "name">) {
  const { connectionId } = useSystem("flux");
  const [pending, setPending] = useState(false);
  const run = async (): Promise<void> => {
    setPending(true);
    try {
      const file = await call("flux.export.get", { connectionId, daemonId: id });
      saveFile({ name: file.fileName, mediaType: file.mediaType, text: file.text });
      notifications.show({ message: `The workloads of ${name} were saved as ${file.fileName}` });
    } catch (error) {
      const { message, hint } = asFailure(error);
      notifications.show({
        color: "red",
        title: `${name} could not be exported`,
        message: hint ? `${message} ${hint}` : message,
      });
    } finally {
      setPending(false);
    }
  };
  return { pending, run: () => void run() };
}
