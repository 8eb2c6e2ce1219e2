/** Shapes on the wire, as a daemon writes and reads them (flux-rpc §3.1, Appendix B). */
export interface ImageInfo {
  ID: string;
  Digest?: string;
  ImageID?: string;
  Labels?: Record<string, string>;
  CreatedAt?: string;
  LastFetched?: string;
}

export interface ContainerUpdate {
  Container: string;
  Current?: string;
  Target: string;
}

export interface WorkloadResult {
  Status: string;
  Error?: string;
  PerContainer: ContainerUpdate[] | null;
}

export type ReleaseResult = Record<string, WorkloadResult>;

export interface Cause {
  Message: string;
  User: string;
}

export interface ImageSpec {
  ServiceSpecs: string[];
  ImageSpec: string;
  Kind: string;
  Excludes: string[] | null;
  Force: boolean;
}

export interface ContainersSpec {
  Kind: string;
  ContainerSpecs: Record<string, ContainerUpdate[]>;
  SkipMismatches: boolean;
  Force: boolean;
}

export type PolicySet = Record<string, string>;
export type PolicySpec = Record<string, { add?: PolicySet | null; remove?: PolicySet | null }>;

export type UpdateSpec =
  | { type: "image"; cause: Cause; spec: ImageSpec }
  | { type: "containers"; cause: Cause; spec: ContainersSpec }
  | { type: "policy"; cause: Cause; spec: PolicySpec }
  | { type: "sync"; cause: Cause; spec: Record<string, never> };

export interface JobResult {
  revision?: string;
  spec?: unknown;
  result?: ReleaseResult;
}

export interface JobStatus {
  Result: JobResult;
  Err: string;
  StatusString: string;
}

/** An error that belongs into `ApplicationError` (flux-rpc §2.6). */
export class ApplicationError extends Error {
  /** What stands beside it; otherwise the empty value. */
  result: unknown;

  constructor(
    readonly type: "server" | "missing" | "user",
    readonly help: string,
    error: string,
  ) {
    super(error);
  }

  beside(result: unknown): this {
    this.result = result;
    return this;
  }
}
