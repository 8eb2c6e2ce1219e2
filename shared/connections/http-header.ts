/** What frames, routes or interprets a request: the client's own business, and what a proxy's doors are opened by. */
const reserved = new Set([
  "accept",
  "accept-charset",
  "accept-encoding",
  "accept-language",
  "accept-ranges",
  "alt-svc",
  "connection",
  "cookie",
  "cookie2",
  "date",
  "expect",
  "forwarded",
  "front-end-https",
  "host",
  "http2-settings",
  "keep-alive",
  "max-forwards",
  "metadata",
  "metadata-flavor",
  "origin",
  "pragma",
  "range",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "upgrade-insecure-requests",
  "user-agent",
  "via",
  "x-host",
  "x-http-method",
  "x-method-override",
  "x-original-host",
  "x-original-url",
  "x-rewrite-url",
]);

/** Families of them; those of cloud metadata services keep programs like this one out. */
const reservedFamilies = [
  "access-control-",
  "content-",
  "if-",
  "proxy-",
  "sec-",
  "x-aws-ec2-metadata-",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-forwarded-scheme",
  "x-forwarded-server",
  "x-google-metadata-",
  "x-http-method-",
];

/** Why a header of this name may not be added to requests; undefined where it may. */
export function headerNameProblem(name: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)) return "no header has such a name";
  const lower = name.toLowerCase().replaceAll("_", "-");
  if (reserved.has(lower) || reservedFamilies.some((family) => lower.startsWith(family)))
    return `the header ${name} belongs to the request itself and cannot carry who calls`;
  return undefined;
}
