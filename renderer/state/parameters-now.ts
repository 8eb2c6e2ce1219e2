/**
 * The parameters of the address as it is, for writes that come later than the person's own steps: the router would
 * hand out those of the last render, and a drawer opened since then would be closed again.
 */
export function parametersNow(): URLSearchParams {
  return new URLSearchParams(window.location.hash.replace(/^[^?]*\??/, ""));
}

/** The path of the address as it is, without its parameters. */
export function pageNow(): string {
  return window.location.hash.replace(/\?.*$/, "");
}
