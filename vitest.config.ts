import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Encoding a recording on a busy machine takes seconds; nothing here is judged by its time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
