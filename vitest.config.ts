import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/helpers/make-test-key.ts"],
    // Most of the time is spent in programs that the tests start, so no core is left to vitest alone.
    maxWorkers: "100%",
    // Encoding a recording on a busy machine takes seconds; nothing here is judged by its time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
