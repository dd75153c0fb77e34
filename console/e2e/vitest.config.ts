import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.journey.ts"],
    exclude: [
      ...(process.env.GUAN_SHOTS ? [] : ["shots.journey.ts"]),
      ...(process.env.GUAN_MEASURE ? [] : ["measure.journey.ts"]),
    ],
    setupFiles: "server.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: one browser and one server at a time.
    fileParallelism: false,
  },
});
