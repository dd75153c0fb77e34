import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { gzipSync } from "fflate";
import { defineConfig, type Plugin } from "vite";

/** What the server replaces by the nonce of each answer; `crates/guan-console` names the same word. */
const NONCE = "nonce-of-this-answer";

/** Keeps every file but the page as gzip only. In JavaScript, so that every version of Node writes the same bytes. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      const walk = (folder: string) => {
        for (const entry of readdirSync(folder, { withFileTypes: true })) {
          const path = join(folder, entry.name);
          if (entry.isDirectory()) walk(path);
          else if (!/index\.html$|\.gz$/.test(path)) {
            writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9, mtime: 0 }));
            rmSync(path);
          }
        }
      };
      if (existsSync("dist")) walk("dist");
    },
  };
}

const server = process.env.GUAN_URL ?? "http://127.0.0.1:8620";

export default defineConfig({
  plugins: [react(), compressed()],
  html: { cspNonce: NONCE },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    license: { fileName: "licences.md" },
    modulePreload: { polyfill: false },
  },
  server: {
    fs: { allow: [".."] },
    // The server refuses another origin than its own host, so the proxy presents itself as one.
    proxy: {
      "^/(api|docs|openapi.json|healthz|readyz)": {
        target: server,
        changeOrigin: true,
        configure: (proxy) =>
          proxy.on("proxyReq", (request) => request.setHeader("origin", server)),
      },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
  },
} as Parameters<typeof defineConfig>[0]);
