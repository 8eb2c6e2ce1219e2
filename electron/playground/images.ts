/** What a signing token embedded in an image says; unsigned images have none (wasmcloud-control §3.12, §4.7). */
export interface ImageClaims {
  publicKey: string;
  issuer: string;
  name?: string;
  version?: string;
  revision?: number;
  tags?: string[];
  callAlias?: string;
  configSchema?: string;
  notBefore?: number;
  expires?: number;
}

/** How the fake registry answers for one reference. */
export interface Image {
  delayMilliseconds?: number;
  /** The last link of the error chain, such as `not found`. */
  error?: string;
  /** Present when the embedded token is invalid or expired. */
  badSignature?: string;
  claims?: ImageClaims;
}

/** A fake image registry: everything can be fetched, except what is told otherwise. */
export class ImageRegistry {
  readonly #overrides = new Map<string, Image>();

  /** Decides the answer for one reference. */
  set(reference: string, image: Image): void {
    this.#overrides.set(reference, image);
  }

  /** Forgets one decision, or all of them. */
  reset(reference?: string): void {
    if (reference === undefined) this.#overrides.clear();
    else this.#overrides.delete(reference);
  }

  /** Tells what a fetch of this reference would give. */
  find(reference: string): Image {
    const override = this.#overrides.get(reference);
    if (override) return override;
    if (reference === "") return { error: "invalid reference format" };
    return reference.includes("missing") ? { error: "not found" } : {};
  }
}

/** The error chain a host reports when an image cannot be fetched (wasmcloud-control §4.8, §4.10). */
export function fetchFailure(
  kind: "component" | "provider",
  reference: string,
  image: Image,
  fileLoading: boolean,
): string | undefined {
  if (reference.startsWith("file://") && !fileLoading)
    return `failed to fetch ${kind}: unable to start ${kind} from file, file loading is disabled`;
  if (image.error === undefined) return undefined;
  return `failed to fetch ${kind}: failed to fetch ${kind} under OCI reference \`${reference}\`: ${image.error}`;
}
