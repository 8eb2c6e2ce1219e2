const builtinScheme = "wasmcloud+builtin://";

/** The name of a builtin provider, if the reference means one (wasmcloud-control §2.8). */
export function builtinName(reference: string): string | undefined {
  return reference.startsWith(builtinScheme) ? reference.slice(builtinScheme.length) : undefined;
}

/** How hosts since 1.5.0 write a provider's reference (wasmcloud-control §3.4). */
export function normaliseReference(reference: string): string {
  const scheme = ["file://", "oci://", "http://", "https://", builtinScheme].find((each) =>
    reference.startsWith(each),
  );
  return scheme === undefined ? reference : reference.slice(scheme.length);
}
