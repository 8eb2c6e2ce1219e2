import { join, resolve, sep } from "node:path";

/** What a page of the console may load; the same in the window and over HTTP. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types default",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const mediaTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
};

/** Where the window's page comes from. */
export const windowOrigin = "app://switchyard";

/** Whether an address is the page of the window; no other file of the same origin is one. */
export function isOurPage(address: string): boolean {
  try {
    const { protocol, host, pathname, username, password } = new URL(address);
    return (
      `${protocol}//${username}${password}${host}` === windowOrigin &&
      ["", "/", "/index.html"].includes(pathname)
    );
  } catch {
    return false;
  }
}

/** The file that an address of an origin such as `app://switchyard` names, always within the folder; undefined where it names none. */
export function pageFile(folder: string, address: string, origin: string): string | undefined {
  try {
    const url = new URL(address);
    if (`${url.protocol}//${url.host}` !== origin) return undefined;
    const path = decodeURIComponent(url.pathname);
    const file = resolve(join(folder, path === "" || path === "/" ? "index.html" : path));
    return file.startsWith(resolve(folder) + sep) && !path.includes("\0") ? file : undefined;
  } catch {
    return undefined;
  }
}
