/** Why, and by whom (flux-rpc §3.1.7). */
export interface Cause {
  Message: string;
  User: string;
}

export interface WireContainerUpdate {
  Container: string;
  /** Never absent nor empty: the daemon would write a git note that it cannot read back, and end its syncs for good (flux-rpc §3.1.7). */
  Current: string;
  Target: string;
}

/** What `UpdateManifests` takes (flux-rpc §3.1.7); `auto` is refused over RPC and so not here. */
export type UpdateSpec =
  | {
      type: "image";
      cause: Cause;
      spec: {
        ServiceSpecs: string[];
        ImageSpec: string;
        Kind: "plan" | "execute";
        Excludes: string[] | null;
        Force: boolean;
      };
    }
  | {
      type: "containers";
      cause: Cause;
      spec: {
        Kind: "plan" | "execute";
        ContainerSpecs: Record<string, WireContainerUpdate[]>;
        SkipMismatches: boolean;
        Force: boolean;
      };
    }
  | {
      type: "policy";
      cause: Cause;
      spec: Record<string, { add: Record<string, string>; remove: Record<string, string> }>;
    }
  | { type: "sync"; cause: Cause; spec: Record<string, never> };

/** A notice that something changed (flux-rpc §3.10). */
export type Change =
  | { Kind: "git"; Source: { URL: string; Branch: string } }
  | { Kind: "image"; Source: { Name: { Domain: string; Image: string } } };
