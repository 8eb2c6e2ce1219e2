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
  /** The registry never answers. */
  hangs?: boolean;
  /** The end of the error chain: what follows the reference, or `failed to read component: ` of a file. */
  error?: string;
  /** Present when the image can be fetched, but is not WebAssembly, or its token is invalid or expired. */
  badSignature?: string;
  claims?: ImageClaims;
}

const noSuchFile = "No such file or directory (os error 2)";

function bareReference(reference: string): string {
  return reference.replace(/^(oci|https?):\/\//, "");
}

function manifestUnknown(reference: string): string {
  const match = /^(.+?\/)?(.*?)(?::([^:/]*))?$/.exec(bareReference(reference).toLowerCase());
  const path = `${match?.[1] ?? "index.docker.io/"}v2/${match?.[2]}/manifests/${match?.[3] ?? "latest"}`;
  return `failed to fetch OCI path: failed to fetch OCI bytes: Registry error: url https://${path}, envelope: OCI API errors: [OCI API error: manifest unknown]`;
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
    if (!reference.includes("missing")) return {};
    return { error: reference.startsWith("file://") ? noSuchFile : manifestUnknown(reference) };
  }
}

type ImageKind = "component" | "provider";

/** What it takes to fetch: whether files may be loaded, and how this version words it. */
export interface FetchTerms {
  fileLoading: boolean;
  archiveErrorNamesTarget: boolean;
  knowsBuiltins: boolean;
}

function fileFailure(
  kind: ImageKind,
  reference: string,
  image: Image,
  terms: FetchTerms,
): string | undefined {
  if (!reference.startsWith("file:///"))
    return `failed to convert \`${new URL(reference).href}\` to a file path`;
  if (!terms.fileLoading) return `unable to start ${kind} from file, file loading is disabled`;
  if (image.error === undefined) return undefined;
  if (kind === "component") return `failed to read component: ${image.error}`;
  const target = `failed to load target [x86_64-linux] from PAR from file [${reference.slice("file://".length)}]: `;
  const named = image.error === noSuchFile && terms.archiveErrorNamesTarget;
  return `failed to read provider: failed to load provider archive: ${named ? target : ""}${image.error}`;
}

function syntaxFailure(bare: string): string | undefined {
  if (/\s/.test(bare)) return "invalid domain character";
  return bare.startsWith(":") ? "empty host" : undefined;
}

function pullFailure(reference: string, image: Image): string | undefined {
  if (image.error !== undefined) return image.error;
  const bare = bareReference(reference);
  if (bare === "") return "failed to fetch OCI path: repository name must have at least one component";
  if (bare.endsWith(":latest"))
    return "failed to fetch OCI path: fetching images tagged 'latest' is currently prohibited in this host. This option can be overridden with WASMCLOUD_OCI_ALLOW_LATEST";
  return bare.includes("://") ? "failed to fetch OCI path: invalid reference format" : undefined;
}

function ociFailure(kind: ImageKind, reference: string, image: Image): string | undefined {
  const syntax = syntaxFailure(bareReference(reference));
  if (syntax !== undefined) return `failed to parse reference as OCI reference: ${syntax}`;
  const failure = pullFailure(reference, image);
  if (failure === undefined) return undefined;
  return `failed to fetch ${kind} under OCI reference \`${bareReference(reference)}\`: ${failure}`;
}

/** The error chain a host reports when an image cannot be fetched (wasmcloud-control §4.8, §4.10). */
export function fetchFailure(
  kind: ImageKind,
  reference: string,
  image: Image,
  terms: FetchTerms,
): string | undefined {
  const cause = (): string | undefined => {
    if (terms.knowsBuiltins && reference.startsWith("wasmcloud+builtin://"))
      return "nothing to fetch for a builtin";
    if (reference.startsWith("file://")) return fileFailure(kind, reference, image, terms);
    return ociFailure(kind, reference, image);
  };
  const failure = cause();
  return failure === undefined ? undefined : `failed to fetch ${kind}: ${failure}`;
}
