import { Secret } from "../../../src/core/secret.ts";
import { locateFfmpeg } from "../../../src/ffmpeg/locate.ts";
import { openSandbox, type Sandbox } from "../../../src/sandbox/open-sandbox.ts";
import type { SandboxOptions } from "../../../src/sandbox/sandbox-options.ts";

/** A clock that stands still until it is moved. */
export class TestClock {
  #nowMs = Date.parse("2026-03-01T12:00:00Z");

  now(): number {
    return this.#nowMs;
  }

  advance(seconds: number): void {
    this.#nowMs += seconds * 1000;
  }
}

/** A reply with its JSON, if it has any. */
export interface ApiReply {
  readonly status: number;
  readonly location: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at replies of every shape
  readonly json: any;
}

const { ffmpeg } = await locateFfmpeg({ named: undefined, searchPath: "" });
/** The embedded ffmpeg. */
export const FFMPEG = ffmpeg;

/** Starts a sandbox with a key, a secret and the embedded ffmpeg; the caller closes it. */
export function openTestSandbox(
  options: Pick<SandboxOptions, "directory"> & Partial<SandboxOptions>,
): Promise<Sandbox> {
  return openSandbox({
    ffmpeg,
    seed: 11,
    seedCalls: 0,
    apiKey: new Secret("test-key"),
    webhookSecret: new Secret("test-secret"),
    ...options,
  });
}

/** Calls the API with its key and follows no redirect. */
export async function call(sandbox: Sandbox, request: string, body?: unknown): Promise<ApiReply> {
  const [method = "GET", path = ""] = request.split(" ");
  const headers = { "X-Auth-Token": sandbox.apiKey.reveal() };
  const response = await fetch(`${sandbox.baseUrl}${path}`, {
    method,
    redirect: "manual",
    ...(body === undefined
      ? { headers }
      : { headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const location = response.headers.get("location") ?? undefined;
  return { status: response.status, location, json: text === "" ? undefined : JSON.parse(text) };
}

/** Downloads a recording by way of its temporary link. */
export async function download(sandbox: Sandbox, recordingId: string): Promise<Buffer> {
  const { location = "" } = await call(sandbox, `GET /recordings/${recordingId}/download`);
  return Buffer.from(await (await fetch(location)).arrayBuffer());
}
