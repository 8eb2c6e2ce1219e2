import { app, protocol } from "electron";

// Bundled in front of the main process by `npm run dev` and nowhere else: the page comes from the development server, under
// the address and the policy that it has in the product, which are loosened by what hot reloading needs and nothing more.

const server = process.env.SWITCHYARD_PAGE_SERVER;
const nonce = process.env.SWITCHYARD_PAGE_NONCE;
const handle = protocol.handle.bind(protocol);
const appendSwitch = app.commandLine.appendSwitch.bind(app.commandLine);

protocol.handle = (scheme, serve) =>
  handle(scheme, async (request) => {
    const { pathname, search } = new URL(request.url);
    // The product's own answer says which policy its page has.
    const policy = (await serve(request)).headers.get("Content-Security-Policy") ?? "";
    const reply = await fetch(`${server}${pathname}${search}`, {
      headers: { accept: request.headers.get("accept") ?? "*/*" },
    });
    const headers = {
      "Content-Type": reply.headers.get("content-type") ?? "application/octet-stream",
      "Content-Security-Policy": loosened(policy),
      "Cache-Control": "no-cache",
    };
    return new Response(await reply.arrayBuffer(), { status: reply.status, headers });
  });

/** The page may connect to the development server, and run the one inline script that sets hot reloading up. */
function loosened(policy) {
  const socket = server.replace(/^http/, "ws");
  return policy
    .replace("connect-src 'self'", `connect-src 'self' ${socket}`)
    .replace("script-src 'self'", `script-src 'self' 'nonce-${nonce}'`);
}

app.commandLine.appendSwitch = (name, value) =>
  appendSwitch(
    name,
    name === "host-resolver-rules" ? `${value}, EXCLUDE ${new URL(server).hostname}` : value,
  );
