import type { ComponentRow, ScalePreview } from "../../../../shared/lattice/schema.ts";
import type { KnownUpdate } from "./known-update.ts";

/** What the operator asked for; what is left out is taken from the running component. */
export interface ScaleParams {
  hostId: string;
  componentId: string;
  maxInstances: number;
  imageReference?: string;
  annotations?: Record<string, string>;
  limits?: Record<string, string>;
  config?: string[];
}

/** What is known when a scale is planned. */
export interface ScaleKnowledge {
  hostName: string;
  hostVersion: string | undefined;
  running: ComponentRow | undefined;
  /** Config names of our own last successful scale of this component on this host. */
  configFromHistory: string[] | undefined;
  /** Lists that it may have got since, by commands whose outcome is open; the newest comes last. */
  openConfigs?: readonly string[][];
  /** Its last update since its host started, as far as is known. */
  update?: KnownUpdate | undefined;
  /** When our own update of it was sent whose outcome is open. */
  openUpdateSince?: string | undefined;
}

export type Field = ScalePreview["fields"][number];
