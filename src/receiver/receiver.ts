import type { FastifyInstance } from "fastify";
import { ReceiverAddressError } from "./errors.ts";
import type { ReceiverPorts } from "./receive-delivery.ts";
import { newReceiverTally, type ReceiverCounts } from "./receiver-counts.ts";
import { createReceiverServer, WEBHOOK_PATH } from "./receiver-server.ts";

/** What a receiver is made of. */
export interface ReceiverOptions extends ReceiverPorts {
  /** 0 for any free one. */
  readonly port: number;
  /** @default "127.0.0.1", so that nothing is open to the network unless asked for */
  readonly host?: string | undefined;
  /** How old a delivery's timestamp may be. @default 3600 */
  readonly maxAgeSeconds?: number | undefined;
}

/** A receiver that is listening. */
export interface Receiver {
  /** Where webhooks go, as seen from this machine. */
  readonly url: string;
  readonly port: number;
  /** What has come so far; it goes on counting. */
  readonly counts: ReceiverCounts;
  /** Stops listening; resolves when what was under way is answered and on disk. Idempotent. */
  close(): Promise<void>;
}

const DEFAULT_HOST = "127.0.0.1";

/**
 * The vendor tries again for about 50 minutes [O], and nothing says that it signs each try anew. With a shorter window,
 * what was sent while the receiver was down would be refused afterwards, and what is refused is never sent again.
 * A replay within the window does nothing, for the log keeps a body once.
 */
const DEFAULT_MAX_AGE_SECONDS = 3600;

/** What has not arrived by then was not acknowledged, and is sent again. */
const CLOSE_GRACE_MS = 2000;

/**
 * Listens for the vendor's webhooks. A delivery is answered with 2xx only when it is on disk; repeated and reordered
 * ones do no harm.
 *
 * @throws {ReceiverAddressError} the port is taken, or the host is none of this machine's.
 */
export async function openReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { host = DEFAULT_HOST, port, log, maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS } = options;
  const tally = newReceiverTally();
  const server = createReceiverServer({ ...options, maxAgeSeconds, tally });
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw new ReceiverAddressError({ host, port }, { cause: error });
  }
  const origin = server.listeningOrigin;
  return {
    url: `${origin}${WEBHOOK_PATH}`,
    port: port === 0 ? Number(new URL(origin).port) : port,
    counts: tally,
    close: async () => {
      await stop(server);
      await log.settled();
    },
  };
}

async function stop(server: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), CLOSE_GRACE_MS);
  await server.close().finally(() => clearTimeout(timer));
}
