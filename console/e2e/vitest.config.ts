import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.journey.ts"],
    globalSetup: "server.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: one browser at a time, one server for all.
    fileParallelism: false,
  },
});
