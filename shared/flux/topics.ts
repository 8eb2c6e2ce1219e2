import { topic } from "../contract/index.ts";
import { fluxDaemonRowSchema, fluxEventSchema } from "./schema.ts";

export const fluxTopics = {
  "flux.daemons": topic({ scope: "connection", row: fluxDaemonRowSchema, key: (row) => row.id }),
  "flux.events": topic({
    scope: "connection",
    row: fluxEventSchema,
    key: (row) => String(row.sequence),
    newest: 500,
  }),
};
