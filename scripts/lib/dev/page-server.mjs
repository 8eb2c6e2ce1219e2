import { join } from "node:path";
import { root } from "../paths.mjs";

/**
 * Serves the page with hot reloading, for the window and for a browser; a browser's calls go on to the console at `api`.
 * Answers `{ address, close }`.
 */
export async function servePage({ api, nonce, port }) {
  const { createServer } = await import("vite");
  const server = await createServer({
    configFile: join(root, "renderer", "vite.config.ts"),
    configLoader: "runner",
    cacheDir: join(root, ".cache", "vite"),
    clearScreen: false,
    html: { cspNonce: nonce },
    server: {
      host: "127.0.0.1",
      port,
      strictPort: true,
      // Said outright, because the window's page comes from app://, which tells the client nothing.
      hmr: { protocol: "ws", host: "127.0.0.1", clientPort: port },
      fs: { allow: [root] },
      // The console refuses callers of any origin but its own.
      proxy: { "/api": { target: api, changeOrigin: true, headers: { origin: api } } },
    },
  });
  await server.listen();
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() };
}
