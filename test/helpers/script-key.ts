import makeTestKey from "./make-test-key.ts";

// What runs without vitest makes the key itself, before the modules that are imported next ask for it.
process.once("exit", makeTestKey());
