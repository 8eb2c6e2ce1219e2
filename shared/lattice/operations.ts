import { z } from "zod";
import { query } from "../contract/index.ts";
import { artifactOperations } from "./artifact-operations.ts";
import { auctionOperations } from "./auction-operations.ts";
import { componentOperations } from "./component-operations.ts";
import { configOperations } from "./config-operations.ts";
import { hostOperations } from "./host-operations.ts";
import { latticePath } from "./inputs.ts";
import { linkOperations } from "./link-operations.ts";
import { providerOperations } from "./provider-operations.ts";
import { latticeRowSchema, latticeScopeSchema } from "./schema.ts";

/** Every operation on a lattice, by name. */
export const latticeOperations = {
  "lattice.lattices.list": query({
    method: "GET",
    path: `${latticePath}/lattices`,
    summary: "Lists the lattices seen on a connection and how each is followed.",
    refresh: "live",
    input: latticeScopeSchema.pick({ connectionId: true }),
    output: z.array(latticeRowSchema),
  }),
  ...hostOperations,
  ...componentOperations,
  ...providerOperations,
  ...auctionOperations,
  ...linkOperations,
  ...configOperations,
  ...artifactOperations,
};
