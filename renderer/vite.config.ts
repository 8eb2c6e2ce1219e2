import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import mantine from "postcss-preset-mantine";
import { createLogger, defineConfig } from "vite";

const directory = fileURLToPath(new URL(".", import.meta.url));

// What style sheets take over from one another by `composes` has no source of its own; there is nothing in it to be resolved.
const logger = createLogger("warn");
const { warnOnce } = logger;
logger.warnOnce = (message, options) => {
  if (!message.includes("did not pass the `from` option")) warnOnce(message, options);
};

export default defineConfig({
  root: directory,
  customLogger: logger,
  // Absolute, because the router's nested addresses have to find the assets, at app://switchyard/ as over HTTP.
  base: "/",
  plugins: [react()],
  // The preset turns light-dark() into selectors, which Chromium 114 does not know, and flattens nesting.
  css: { postcss: { plugins: [mantine()] } },
  worker: { format: "es" },
  build: {
    outDir: fileURLToPath(new URL("../out/renderer", import.meta.url)),
    emptyOutDir: true,
    target: "chrome114",
    cssTarget: "chrome114",
    // Always, because this is also what brings CSS down to the target.
    cssMinify: "lightningcss",
    sourcemap: true,
    // The content security policy allows no data: addresses for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // In a chunk of its own with what it sets up: chunks that others share run before the one that asks for it first.
        codeSplitting: {
          groups: [{ name: "page-policy", test: /renderer\/page-policy\.ts|elk-worker|node_modules\/zod\// }],
        },
      },
    },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
});
