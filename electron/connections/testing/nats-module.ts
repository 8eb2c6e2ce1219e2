import { diagnose } from "../diagnosis.ts";
import { mayPass } from "../nats-failure.ts";
import { connectNats, type NatsLink } from "../nats-link.ts";
import type { SystemModule } from "../system-module.ts";

/** Connections to NATS servers with nothing on top. */
export const natsModule: SystemModule<"lattice", NatsLink> = {
  system: "lattice",
  diagnose,
  mayPass,
  connect: connectNats,
};
