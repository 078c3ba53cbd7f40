import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished, vi } from "vitest";

/** Credentials that no other server takes. */
export const TEST_KEYS = { accessKeyId: "AKTEST", secretAccessKey: "the-secret-of-the-test" };

/** Points the SDK at a server, by the variables that its users set, until the test ends. */
export function useS3Endpoint(endpoint: string, { accessKeyId, secretAccessKey } = TEST_KEYS): void {
  vi.stubEnv("AWS_ENDPOINT_URL_S3", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretAccessKey);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

/** What a {@link openTinyS3} answers instead of an object. */
export interface S3Refusal {
  readonly status: number;
  readonly code: string;
}

/**
 * Starts a server of a few lines that gives objects as S3 does, by bucket and key in the path, and points the SDK at it.
 * An object that is a number of bytes too short for its `content-length` breaks off.
 *
 * @returns the requests as they come: method and path.
 */
export async function openTinyS3(
  objects: Readonly<Record<string, Buffer | S3Refusal>>,
  { lostBytes = 0 }: { readonly lostBytes?: number } = {},
): Promise<readonly string[]> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    requests.push(`${request.method} ${pathname}`);
    const object = objects[decodeURIComponent(pathname).slice(1)] ?? { status: 404, code: "NoSuchKey" };
    if (!Buffer.isBuffer(object)) {
      const text = `<?xml version="1.0"?><Error><Code>${object.code}</Code><Message>no ${TEST_KEYS.secretAccessKey}</Message></Error>`;
      response.writeHead(object.status, { "content-type": "application/xml" }).end(text);
      return;
    }
    response.writeHead(200, { "content-length": object.length, etag: '"1"' });
    response.write(object.subarray(0, object.length - lostBytes), () => {
      if (lostBytes > 0) response.destroy();
      else response.end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  useS3Endpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return requests;
}
