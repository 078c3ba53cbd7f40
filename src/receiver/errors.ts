import { HoldfastError } from "../core/errors.ts";

/** The receiver cannot listen where it was told to. */
export class ReceiverAddressError extends HoldfastError<"CONFIG_INVALID"> {
  readonly code = "CONFIG_INVALID";

  constructor({ host, port }: { host: string; port: number }, options: ErrorOptions) {
    super(`cannot listen for webhooks on port ${port} of ${host}`, {
      ...options,
      hint: "choose another port, or 0 for any free one",
    });
  }
}
