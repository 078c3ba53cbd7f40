import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { expect, onTestFinished } from "vitest";
import { type LocalServer, openLocalServer, type SeenRequest } from "../unit/vendor/local-server.ts";
import { listTree } from "./list-tree.ts";
import { runHoldfast } from "./run-holdfast.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** The key that all calls are made with. */
export const KEY = "key-that-nobody-must-see";

/** Starts a server that stops when the test ends. */
export async function openVendorServer(
  answer: (request: SeenRequest, response: ServerResponse) => void,
): Promise<LocalServer> {
  const server = await openLocalServer(answer);
  onTestFinished(() => server.close());
  return server;
}

/** Makes one call of `holdfast api` in a folder of its own, or in the one that is named. */
export async function runApi(server: LocalServer, args: readonly string[], folder?: string) {
  const cwd = folder ?? (await makeTemporaryFolder());
  const env = { AUDIAN_BASE_URL: `${server.origin}/v2`, AUDIAN_API_KEY: KEY };
  const ran = await runHoldfast(["api", ...args], { cwd, env });
  expect(ran.stdout + ran.stderr).not.toContain(KEY);
  return { ...ran, files: await listTree(cwd), cwd };
}

/** Reads a reply as the vendor's page shows it. */
export async function readSample(name: string) {
  return JSON.parse(await readFile(new URL(`../../fixtures/vendor/${name}.json`, import.meta.url), "utf8"));
}
